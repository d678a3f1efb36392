import type { Kysely } from 'kysely';
import type { Connection, Reading } from '../engines/engine.ts';
import type { Migration } from '../migrations/column-types.ts';
import { prepared, type Placeholders } from '../prepare.ts';
import type { Builder } from '../schema.ts';
import type { MovedTable } from './moved-tables.ts';
import type { Row, RowQueries } from './row-queries.ts';

/**
 * What a database has while a copy into it is under way: how far each table came. As a migration that no server knows, it keeps
 * servers from starting on half of the data.
 */
export const copyUnderWay: Migration = {
  name: 'copy-under-way',
  up: async (database, types) => {
    await types
      .endTable(
        database.schema
          .createTable('copy_progress')
          .addColumn('name', types.text(64), (column) => column.notNull().primaryKey())
          .addColumn('last_key', types.longtext, (column) => column.notNull()),
        'clustered',
      )
      .execute();
  },
  down: async (database) => {
    await database.schema.dropTable('copy_progress').execute();
  },
};

/** The row that says from where the copy comes, beside those of the tables. */
const sourceName = 'source';
type Values = { name: string; last_key: string };

const progressQueries = (builder: Builder) => {
  const progress = builder as unknown as Kysely<{ copy_progress: Values }>;
  return {
    all: prepared<Record<string, never>, Values>(() => progress.selectFrom('copy_progress').selectAll()),
    insert: prepared((p: Placeholders<Values>) =>
      progress.insertInto('copy_progress').values({ name: p('name'), last_key: p('last_key') }),
    ),
    update: prepared((p: Placeholders<Values>) =>
      progress
        .updateTable('copy_progress')
        .set({ last_key: p('last_key') })
        .where('name', '=', p('name')),
    ),
  };
};

/** How far a copy came, kept in its target. */
export class CopyProgress {
  readonly #queries: ReturnType<typeof progressQueries>;
  /** The key of the last row of each table that has any. */
  readonly #last = new Map<string, string>();

  constructor(builder: Builder) {
    this.#queries = progressQueries(builder);
  }

  /** The source of the copy; undefined when it has not begun. */
  async read(reading: Reading): Promise<string | undefined> {
    for (const { name, last_key } of await reading.all(this.#queries.all, {})) this.#last.set(name, last_key);
    return this.#last.get(sourceName);
  }

  async begin(connection: Connection, source: string): Promise<void> {
    await connection.run(this.#queries.insert, { name: sourceName, last_key: source });
  }

  /** The key of the last row that is there; null for none. */
  lastOf(table: MovedTable): Row | null {
    const key = this.#last.get(table);
    return key === undefined ? null : (JSON.parse(key) as Row);
  }

  /** Notes the last row of a page, in the transaction that stores it. */
  async note(connection: Connection, { name, key }: RowQueries, rows: readonly Row[]): Promise<void> {
    const last = Object.fromEntries(key.map((column) => [column, rows.at(-1)?.[column] ?? null]));
    const values = { name, last_key: JSON.stringify(last) };
    if ((await connection.run(this.#queries.update, values)) === 0)
      await connection.run(this.#queries.insert, values);
  }
}
