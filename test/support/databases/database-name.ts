import { randomBytes } from 'node:crypto';

/** What the names of the databases of tests look like to SQL's `like`. */
export const namePattern = 'parlance\\_test\\_%';

/** The runner of the tests: this process, or the parent of a worker. */
const runner = process.env['VITEST_WORKER_ID'] === undefined ? process.pid : process.ppid;

/** A name that nobody has, and that tells which runner of tests it belongs to. */
export const newName = (): string => `parlance_test_${runner}_${randomBytes(6).toString('hex')}`;

/** Whether a database was left behind: its runner is this process, at its end, or has died. */
export function isLeftBehind(name: string): boolean {
  const runner = Number(/^parlance_test_(\d+)_[0-9a-f]+$/.exec(name)?.[1]);
  return runner === process.pid || (runner > 0 && !isRunning(runner));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
