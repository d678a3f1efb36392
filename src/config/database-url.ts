import { MustBe } from './parser.ts';
import type { Parser } from './parser.ts';
import { type ServerLocation, serverUrl } from './server-url.ts';

/** Where messages are kept. The path of a file is relative to DATA_DIR, or absolute. */
export type DatabaseLocation = { engine: 'sqlite'; file: string } | ServerLocation;

/**
 * `sqlite:app.db`, `sqlite:///app.db` (relative, as SQLAlchemy has it), `sqlite:////var/app.db` (absolute);
 * `postgres://user:password@host:5432/name`, `mysql://user:password@host:3306/name`; with drivers, such as `mysql+pymysql:`, too.
 */
export const databaseUrl: Parser<DatabaseLocation> = (text) => {
  const [, scheme = '', rest = ''] = /^([a-z0-9]+)(?:\+[a-z0-9_]+)?:(.*)$/is.exec(text) ?? [];
  const engine = engines.get(scheme.toLowerCase());
  if (engine === undefined)
    return new MustBe(
      'a database address such as sqlite:///parlance.db, postgres://user:password@host:5432/name or mysql://user:password@host:3306/name',
    );
  return engine === 'sqlite' ? sqliteFile(rest) : serverUrl(engine, rest);
};

const engines = new Map<string, DatabaseLocation['engine']>([
  ['sqlite', 'sqlite'],
  ['sqlite3', 'sqlite'],
  ['postgres', 'postgres'],
  ['postgresql', 'postgres'],
  ['mysql', 'mysql'],
  ['mariadb', 'mysql'],
]);

function sqliteFile(rest: string): DatabaseLocation | MustBe {
  const file = rest.replace(/^\/\/\//, '').replace(/^\/\/$/, '');
  if (file === '' || file.includes(':memory:'))
    return new MustBe(
      'a file such as sqlite:///parlance.db, because a database in memory forgets everything at the end',
    );
  if (file.includes('?')) return new MustBe('an SQLite address without options after a question mark');
  if (/^\/\/[^/]/.test(rest))
    return new MustBe('written with three slashes before a relative path, four before an absolute one');
  return { engine: 'sqlite', file };
}
