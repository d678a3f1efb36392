import { StorageError } from '../engine.ts';
import { loadDriver } from './driver.ts';

/** How long a server that has just been told to stop may take to be gone. */
const patienceMs = 3_000;

/**
 * Takes the place of the one server on an SQLite file: a lock on a file beside it, which the system lets go of when the process ends, however
 * it ends. Commands need no place. @throws StorageError where another server has it
 */
export function serveAlone(file: string): { giveUp(): void } {
  const { DatabaseSync } = loadDriver();
  const place = new DatabaseSync(`${file}-server`, { timeout: patienceMs });
  try {
    place.exec('begin exclusive');
  } catch (cause) {
    place.close();
    throw new StorageError(
      `Another server works on ${file}, and SQLite serves one at a time: stop that one, or move to Postgres or MySQL (parlance copy), where any number can work together.`,
      { cause },
    );
  }
  return { giveUp: () => place.close() };
}
