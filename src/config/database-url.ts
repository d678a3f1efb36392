import { MustBe } from './parser.ts';
import type { Parser } from './parser.ts';

/** Where messages are kept. The file's path is relative to DATA_DIR, or absolute. */
export type DatabaseLocation = { engine: 'sqlite'; file: string };

/**
 * `sqlite:app.db`, `sqlite:///app.db` (relative, as SQLAlchemy has it), `sqlite:////var/app.db` (absolute); `sqlite+driver:` too.
 * Names of other engines are recognised and refused.
 */
export const databaseUrl: Parser<DatabaseLocation> = (text) => {
  const [, scheme = '', rest = ''] = /^([a-z0-9]+)(?:\+[a-z0-9]+)?:(.*)$/i.exec(text) ?? [];
  const engine = engines.get(scheme.toLowerCase());
  const file = rest.replace(/^\/\/\//, '').replace(/^\/\/$/, '');
  const problem = problemOf(engine, rest, file);
  return problem === undefined ? { engine: 'sqlite', file } : new MustBe(problem);
};

const engines = new Map([
  ['sqlite', 'SQLite'],
  ['sqlite3', 'SQLite'],
  ['postgres', 'Postgres'],
  ['postgresql', 'Postgres'],
  ['mysql', 'MySQL'],
  ['mariadb', 'MariaDB'],
]);

const problemOf = (engine: string | undefined, rest: string, file: string): string | undefined => {
  if (engine === undefined) return 'a database address such as sqlite:///parlance.db';
  if (engine !== 'SQLite')
    return `an SQLite file such as sqlite:///parlance.db, because this version does not support ${engine} yet`;
  if (file === '' || file.includes(':memory:'))
    return 'a file such as sqlite:///parlance.db, because a database in memory forgets everything at the end';
  if (file.includes('?')) return 'an SQLite address without options after a question mark';
  if (/^\/\/[^/]/.test(rest))
    return 'written with three slashes before a relative path, four before an absolute one';
  return undefined;
};
