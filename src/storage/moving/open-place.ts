import { existsSync } from 'node:fs';
import { StorageError, type Engine } from '../engines/engine.ts';
import { sqliteFile } from '../engines/sqlite/location.ts';
import { openEngine } from '../open-storage.ts';
import { requireUnused } from './require-unused.ts';

/** A database that something moves from or to. `shown` is its address without the password. */
export type Place = { url: string; shown: string };
type PlaceOptions = {
  /** Whether an SQLite file must be there already. */
  exists: boolean;
  /** Whether nobody else may be connected to the database of a server. */
  alone: boolean;
};

/** Connections: one that reads or writes, and one for the rest. */
const poolSize = 2;

/** Opens one; nothing is migrated. @throws StorageError */
export async function openPlace(place: Place, { exists, alone }: PlaceOptions): Promise<Engine> {
  const { url, shown } = place;
  if (exists) requireThere(place);
  const engine = await openEngine(url, { poolSize });
  try {
    if (alone) await requireUnused(engine, shown);
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** Makes sure that the file of an SQLite database is there; opening it would make one. @throws StorageError */
export function requireThere({ url, shown }: Place): void {
  if (isFile(url) && !existsSync(sqliteFile(url))) throw new StorageError(`There is no file ${shown}`);
}

const isFile = (url: string): boolean => !/^[a-z][a-z0-9+.-]+:/i.test(url) || /^sqlite:/i.test(url);
