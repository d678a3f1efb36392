// node bench/bare-argon2/main.mjs <folder> <username> <password> <seconds>
// The fastest checks of a password that argon2id gives on this machine: of the hash that the server stored, as many at a time as the
// server lets run, and nothing else.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { verify } from '@node-rs/argon2';
import { openStorage } from '../../dist/storage/open-storage.js';

const [folder = '.', username = '', password = '', seconds = '3'] = process.argv.slice(2);
const silent = () => {
  // What storage has to say here, it throws.
};
const log = { debug: silent, info: silent, warn: silent, error: silent };
const store = await openStorage({ url: join(folder, 'parlance.db'), log, clock: () => new Date() });
const found = await store.users.findByLogin(username);
await store.close();

const atOnce = Math.min(3, Math.max(1, availableParallelism() - 1));
let checks = 0;
const startedAt = performance.now();
const check = async () => {
  while (performance.now() - startedAt < Number(seconds) * 1_000) {
    if (!(await verify(found?.passwordHash ?? '', password))) throw new Error('The password is another one');
    checks += 1;
  }
};
await Promise.all(Array.from({ length: atOnce }, check));
console.log(`checks per second: ${(checks * 1_000) / (performance.now() - startedAt)}`);
process.stdin.resume().once('end', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
