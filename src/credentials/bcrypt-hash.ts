import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

const require = createRequire(import.meta.url);

/** A cost of 15 takes about three seconds; a stored hash must not be able to ask for hours. */
const maxCost = 15;
const form = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

// Given as text, so that the same line starts it from the sources and from the build.
const worker = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { compareSync } = require(workerData.bcryptjs);
  parentPort.postMessage(compareSync(workerData.password, workerData.stored));
`;

/** Whether a stored hash has the look of bcrypt. */
export const isBcryptHash = (stored: string): boolean => /^\$2[aby]\$/.test(stored);

/**
 * Checks a password against a bcrypt hash; as everywhere with bcrypt, bytes after the 72nd do not count. False for a hash that is
 * malformed or too costly.
 */
export async function verifyBcrypt(stored: string, password: string): Promise<boolean> {
  const cost = Number(form.exec(stored)?.[1]);
  if (!(cost >= 4 && cost <= maxCost)) return false;
  // Not bcryptjs's own asynchronous form: it holds the event loop for 100 ms at a time, and everybody's tokens with it.
  const bcryptjs = require.resolve('bcryptjs');
  const thread = new Worker(worker, {
    eval: true,
    execArgv: [],
    workerData: { bcryptjs, stored, password },
  });
  return new Promise((resolve, reject) => {
    thread.once('message', (matches) => resolve(matches === true));
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`the bcrypt thread ended without an answer (${code})`)));
  });
}
