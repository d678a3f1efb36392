import { isAbsolute, join } from 'node:path';
import { ConfigError } from './config-error.ts';
import { databaseUrl } from './database-url.ts';
import { defineSetting, type ValuesOf } from './define-setting.ts';
import type { Environment } from './parse-settings.ts';
import { textUpTo, wholeNumber } from './parsers.ts';
import { locationOf } from './server-url.ts';

/** Where the database is. The names of MySQL are those of the chat-sessions backend, for those who bring its `.env`. */
export const databaseSettings = {
  database: defineSetting({
    name: 'DATABASE_URL',
    default: 'sqlite:///parlance.db',
    secret: true,
    parser: databaseUrl,
    about: 'The database: SQLite, Postgres, MySQL or MariaDB; a relative SQLite path starts in DATA_DIR.',
  }),
  databasePoolSize: defineSetting({
    name: 'DATABASE_POOL_SIZE',
    default: '10',
    parser: wholeNumber(2, 1_000),
    about: 'How many connections to a database server this process may open.',
  }),
  databaseTimeoutMs: defineSetting({
    name: 'DATABASE_TIMEOUT_MS',
    default: '10000',
    parser: wholeNumber(100, 600_000),
    about: 'How long a database server may take for one statement, in milliseconds.',
  }),
  mysqlHost: defineSetting({
    name: 'MYSQL_HOST',
    default: null,
    parser: textUpTo(255),
    about: 'Instead of DATABASE_URL: the address of a MySQL or MariaDB server.',
  }),
  mysqlPort: defineSetting({
    name: 'MYSQL_PORT',
    default: '3306',
    parser: wholeNumber(1, 65_535),
    about: 'Its port.',
  }),
  mysqlUser: defineSetting({
    name: 'MYSQL_USER',
    default: 'root',
    parser: textUpTo(255),
    about: 'Who asks there.',
  }),
  mysqlPassword: defineSetting({
    name: 'MYSQL_PASSWORD',
    default: null,
    secret: true,
    parser: textUpTo(1_000),
    about: 'The password for that.',
  }),
  mysqlDatabase: defineSetting({
    name: 'MYSQL_DATABASE',
    default: null,
    parser: textUpTo(64),
    about: 'The name of the database there.',
  }),
};

type Values = ValuesOf<typeof databaseSettings>;

/** The database that is used: `url` is for the storage alone, `shown` for sentences. `file` is where SQLite's is. */
export type Database = {
  url: string;
  shown: string;
  file: string | undefined;
  poolSize: number;
  statementTimeoutMs: number;
};

/** @throws ConfigError for half of the settings of MySQL */
export function databaseOf(
  values: Values,
  { sources, dataDir }: { sources: readonly Environment[]; dataDir: string },
): Database {
  const server = { poolSize: values.databasePoolSize, statementTimeoutMs: values.databaseTimeoutMs };
  const location = isGiven('DATABASE_URL', sources) ? values.database : (mysqlOf(values) ?? values.database);
  if (location.engine !== 'sqlite') return { ...pick(location), file: undefined, ...server };
  const file = isAbsolute(location.file) ? location.file : join(dataDir, location.file);
  return { url: file, shown: file, file, ...server };
}

const pick = ({ url, shown }: { url: string; shown: string }) => ({ url, shown });

function mysqlOf(values: Values) {
  const { mysqlHost, mysqlPort, mysqlUser, mysqlPassword, mysqlDatabase } = values;
  if (mysqlHost === undefined && mysqlDatabase === undefined) return undefined;
  if (mysqlDatabase === undefined)
    throw new ConfigError('MYSQL_DATABASE must name the database when MYSQL_HOST is given.');
  return locationOf('mysql', {
    user: mysqlUser,
    password: mysqlPassword ?? '',
    host: mysqlHost ?? 'localhost',
    port: String(mysqlPort),
    database: mysqlDatabase,
    options: {},
  });
}

/** Which of two ways to name the database is not used, where both are. */
export function databaseNotices(sources: readonly Environment[]): string[] {
  if (!isGiven('DATABASE_URL', sources)) return [];
  return ['MYSQL_HOST', 'MYSQL_DATABASE']
    .filter((name) => isGiven(name, sources))
    .map((name) => `${name} is set, but DATABASE_URL says where the database is.`);
}

const isGiven = (name: string, sources: readonly Environment[]): boolean =>
  sources.some((source) => (source[name] ?? '').trim() !== '');
