import { DatabaseSync } from '@photostructure/sqlite';

/** What SQLite says of a database file that nobody has open: `ok`, or what is broken. */
export function integrityOf(file: string): string {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database.prepare('pragma integrity_check').all() as { integrity_check: string }[];
    return rows.map((row) => row.integrity_check).join('; ');
  } finally {
    database.close();
  }
}
