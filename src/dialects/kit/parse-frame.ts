export { parseJson as parseFrame } from '../../http/parse-json.ts';
