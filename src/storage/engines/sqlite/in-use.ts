import { existsSync } from 'node:fs';
import { StorageError } from '../engine.ts';
import { loadDriver } from './driver.ts';
import { isBusy } from './errors.ts';

const timeoutMs = 500;

/**
 * Makes sure that no other process has an SQLite file open, before this one opens it: only who is alone may end its write-ahead log.
 * @throws StorageError
 */
export const requireUnusedFile = (file: string): void => {
  if (!existsSync(file)) return;
  const { DatabaseSync } = loadDriver();
  const database = new DatabaseSync(file, { timeout: timeoutMs });
  try {
    // A prepared statement would keep the file open until the garbage collector has come by.
    database.exec('pragma journal_mode = delete');
  } catch (error) {
    if (isBusy(error))
      throw new StorageError(`Another program has ${file} open: stop the server on it first`, {
        cause: error,
      });
    // What is wrong with it otherwise, whoever opens it will say.
  } finally {
    database.close();
  }
};
