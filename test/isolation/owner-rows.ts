import { loadDriver } from '../../src/storage/engines/sqlite/driver.ts';

/** Reads every row of a user, in every table, as text: what is equal before and after was changed by nobody. */
export function openOwnerRows(file: string): { read(userId: number): string[]; close(): void } {
  const { DatabaseSync } = loadDriver();
  const database = new DatabaseSync(file, { timeout: 1_000 });
  const names = (sql: string) =>
    database
      .prepare(sql)
      .all()
      .map((row) => (row as { name: string }).name);
  const queries = names("select name from sqlite_master where type = 'table'").flatMap((table) => {
    const owner = ownerColumn(table, names(`select name from pragma_table_info('${table}')`));
    if (owner === undefined) return [];
    return [{ table, statement: database.prepare(`select * from "${table}" where ${owner} order by 1, 2`) }];
  });
  return {
    read: (userId) =>
      queries.flatMap(({ table, statement }) =>
        statement.all(userId).map((row) => `${table} ${JSON.stringify(row)}`),
      ),
    close: () => database.close(),
  };
}

function ownerColumn(table: string, columns: readonly string[]): string | undefined {
  // Written beside everything else, from what is in the other tables.
  if (table.startsWith('search_')) return undefined;
  if (table === 'users') return 'id = ?';
  if (columns.includes('user_id')) return 'user_id = ?';
  return columns.includes('reply_id') ? 'reply_id in (select id from replies where user_id = ?)' : undefined;
}
