import { expect, test } from 'vitest';
import { mysqlTraits } from '../../src/storage/engines/mysql/traits.ts';
import { postgresTraits } from '../../src/storage/engines/postgres/traits.ts';
import { sqliteTraits } from '../../src/storage/engines/sqlite/traits.ts';
import { everyQuery } from './every-query.ts';

/** What each database is asked, written down, so that a change of a query shows. To write it anew: `npx vitest run test/storage/sql-snapshots -u`. */
test.each([
  ['sqlite', sqliteTraits],
  ['postgres', postgresTraits],
  ['mysql', mysqlTraits],
] as const)('the SQL for %s is what is written down', async (name, traits) => {
  const statements = everyQuery(traits).filter(({ items = 2 }) => items === 2);
  const text = statements.map(({ name: query, sql }) => `-- ${query}\n${inLines(sql)};\n`).join('\n');
  await expect(text).toMatchFileSnapshot(`./sql/${name}.sql`);
});

/** A clause a line, so that a difference is seen. */
const inLines = (sql: string): string =>
  sql.replaceAll(
    / (from|where|and|or|order by|limit|offset|set|values|union all|left join|inner join|on|returning|for|lock) /g,
    '\n  $1 ',
  );
