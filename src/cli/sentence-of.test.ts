import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../core/errors.ts';
import { loadDriver } from '../storage/engines/sqlite/driver.ts';
import { translate } from '../storage/engines/sqlite/errors.ts';
import { sentenceOf } from './sentence-of.ts';

const { DatabaseSync } = loadDriver();

/** What SQLite throws at the last of some statements. */
function thrownAt(...statements: string[]): unknown {
  const database = new DatabaseSync(':memory:', { timeout: 0 });
  try {
    for (const sql of statements) database.exec(sql);
    return undefined;
  } catch (thrown) {
    return thrown;
  } finally {
    database.close();
  }
}

function thrownAtOpening(): unknown {
  try {
    const file = join(import.meta.dirname, 'no-folder', 'x.db');
    return new DatabaseSync(file, { timeout: 0 });
  } catch (thrown) {
    return thrown;
  }
}

describe('what a disk does to SQLite is one sentence with what to do', () => {
  const filling = 'insert into t select randomblob(100000)';
  it.each([
    [
      'full',
      thrownAt('create table t (x)', 'pragma max_page_count = 2', filling),
      /^The database cannot be written, because the disk is full; make room on it$/,
    ],
    [
      'read-only',
      thrownAt('pragma query_only = on', 'create table t (x)'),
      /^The database cannot be opened for writing; .* not mounted read-only$/,
    ],
    ['without its folder', thrownAtOpening(), /^The database cannot be opened for writing; .* folder exists/],
  ])('%s', (_about, thrown, sentence) => {
    expect(sentenceOf(thrown)).toMatch(sentence);
    expect(translate(thrown)).toBeInstanceOf(DomainError);
    expect(sentenceOf(translate(thrown))).toMatch(sentence);
  });
});
