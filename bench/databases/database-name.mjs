import { randomBytes } from 'node:crypto';

/** What the names of the databases of this bench look like to SQL's `like`. */
export const namePattern = 'parlance\\_bench\\_%';

/** A name that nobody has, and that tells which run it belongs to. */
export const newName = () => `parlance_bench_${process.pid}_${randomBytes(6).toString('hex')}`;

/** Whether a database was left behind by a run that was ended. @param {string} name */
export function isLeftBehind(name) {
  const run = Number(/^parlance_bench_(\d+)_[0-9a-f]+$/.exec(name)?.[1]);
  return run > 0 && !isRunning(run);
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's is running all the same.
    return error.code === 'EPERM';
  }
}
