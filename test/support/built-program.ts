import { resolve } from 'node:path';

/**
 * The built program for `node`, before the words of its command line. What V8 compiles of it is kept from one start to the next, and
 * its passwords are cheap.
 */
export const builtProgram: readonly string[] = [
  '--require',
  resolve(import.meta.dirname, 'compile-cache.cjs'),
  '--require',
  resolve(import.meta.dirname, 'cheap-argon2.cjs'),
  resolve(import.meta.dirname, '../../dist/cli/main.js'),
];
