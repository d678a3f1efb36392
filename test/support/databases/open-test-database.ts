import type { TestDatabase } from './database-server.ts';
import { mysqlDatabase } from './mysql-server.ts';
import { postgresDatabase } from './postgres-server.ts';

/** A database that is there, by its address. */
export const openTestDatabase = (url: string): Pick<TestDatabase, 'query'> =>
  url.startsWith('postgres:') ? postgresDatabase(url) : mysqlDatabase(url);
