export { acceptMultipart, readMultipart } from '../../http/multipart.ts';
