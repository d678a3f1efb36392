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

/** Node's own SQLite where this Node stands by it, else the package with the same interface. */
export const loadDriver = (): Driver => {
  const require = createRequire(import.meta.url);
  return hasSettledSqlite(process.versions.node)
    ? (require('node:sqlite') as Driver)
    : (require('@photostructure/sqlite') as Driver);
};

/** Before, Node calls its SQLite experimental, and warns of it at every start (https://nodejs.org/api/sqlite.html). */
export const hasSettledSqlite = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 25 || (major === 25 && minor >= 7) || (major === 24 && minor >= 15);
};
