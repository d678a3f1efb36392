import { mysqlServer } from './mysql-server.ts';
import { postgresServer } from './postgres-server.ts';

/** A database of its own on a server, without tables. */
export type TestDatabase = {
  url: string;
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** How much it reads for a statement that it has planned for any values: pages of Postgres, rows of MySQL. */
  readsFor(sql: string, values: readonly (string | number | null)[]): Promise<number>;
  /** What it says of its tables, columns, indexes and constraints. */
  schema(): Promise<unknown[]>;
  /** Removes every row but those that say which migrations were applied. */
  empty(): Promise<void>;
  drop(): Promise<void>;
};

/** A database server on which tests make databases of their own. */
export type DatabaseServer = {
  name: 'postgres' | 'mysql';
  /** The variable that says where it is. */
  variable: string;
  isThere(): Promise<boolean>;
  create(): Promise<TestDatabase>;
  /** Drops the databases that were made by tests whose runner is this process, or is gone. */
  sweep(): Promise<void>;
};

export const databaseServers: readonly DatabaseServer[] = [postgresServer, mysqlServer];
