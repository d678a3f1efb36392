import pg from 'pg';

/** Opens a database of Postgres for rows that were checked elsewhere. @param {string} url */
export async function intoPostgres(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // References were kept where the rows come from. Who may not say so waits a little longer.
  await client.query('set session_replication_role = replica').catch(() => undefined);
  return {
    /** @param {string} table @param {Iterable<unknown[]>} pages */
    async fill(table, pages) {
      await client.query('begin');
      for (const rows of pages)
        await client.query(
          `insert into ${table} overriding system value select * from json_populate_recordset(null::${table}, $1)`,
          [JSON.stringify(rows)],
        );
      await client.query('commit');
      // What the server does by itself within minutes.
      await client.query(`vacuum analyze ${table}`);
    },
    close: () => client.end(),
  };
}
