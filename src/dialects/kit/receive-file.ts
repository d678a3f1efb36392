export { receiveFile } from '../../http/receive-file.ts';
