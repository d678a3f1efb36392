export { clientGone } from '../../http/client-gone.ts';
