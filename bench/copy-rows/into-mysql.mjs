import { createConnection } from 'mysql2/promise';

/** Opens a database of MySQL or MariaDB for rows that were checked elsewhere. @param {string} url */
export async function intoMysql(url) {
  const connection = await createConnection({ uri: url, charset: 'utf8mb4' });
  // Uniqueness and references were kept where the rows come from; without them MariaDB builds the indexes of an empty table in one go.
  await connection.query('set unique_checks = 0, foreign_key_checks = 0');
  return {
    /** @param {string} table @param {Iterable<Record<string, string | number | null>[]>} pages */
    async fill(table, pages) {
      await connection.beginTransaction();
      for (const rows of pages) {
        const columns = Object.keys(rows[0] ?? {});
        const values = rows.map((row) => `(${columns.map((column) => literal(row[column])).join()})`);
        await connection.query(
          `insert into ${table} (${columns.map((column) => `\`${column}\``).join()}) values ${values.join()}`,
        );
      }
      await connection.commit();
      await connection.query(`analyze table ${table}`);
    },
    close: () => connection.end(),
  };
}

/** @param {string | number | null | undefined} value */
const literal = (value) =>
  typeof value === 'string' ? `'${value.replaceAll(/['\\]/g, '\\$&')}'` : String(value ?? null);
