import { createRequire } from 'node:module';

/** The part of a compiled statement that we use; `node:sqlite` and `@photostructure/sqlite` both have it. */
export interface Statement {
  all(...parameters: unknown[]): unknown[];
  get(...parameters: unknown[]): unknown;
  /** Rows as arrays: less than half the cost of the driver's objects. */
  setReturnArrays(on: boolean): void;
  columns(): { name: string }[];
  run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
}

/** The part of a database that we use. */
export interface Database {
  readonly isTransaction: boolean;
  prepare(sql: string): Statement;
  exec(sql: string): void;
  close(): void;
}

type Driver = { DatabaseSync: new (path: string, options: { timeout: number }) => Database };

/** Node's own SQLite where this Node has it, else the package with the same interface. */
export const loadDriver = (): Driver => {
  const require = createRequire(import.meta.url);
  const ownSqlite: Partial<Driver> | undefined = process.getBuiltinModule('node:sqlite');
  // Before Node 22.16 it lacks rows as arrays, and cannot tell that SQLite rolled a transaction back by itself.
  if (ownSqlite?.DatabaseSync && 'isTransaction' in ownSqlite.DatabaseSync.prototype)
    return ownSqlite as Driver;
  return require('@photostructure/sqlite') as Driver;
};
