export { statusOf } from '../../http/problem.ts';
