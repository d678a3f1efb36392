import type { Kysely, Selectable } from 'kysely';
import type { Connection, Reading } from '../storage/engines/engine.ts';
import { movedTables, type MovedTable } from '../storage/moving/moved-tables.ts';
import { prepared, preparedSet, type Named, type Placeholders } from '../storage/prepare.ts';
import type { Builder, Schema } from '../storage/schema.ts';

type Imported = 'users' | 'chats' | 'messages' | 'replies' | 'attachments';
/** A row without its id, which the database gives. */
export type NewRow<Table extends MovedTable> = Omit<Selectable<Schema[Table]>, 'id'>;

type AnyTable = Kysely<Record<string, Record<string, string | number | null>>>;

export const importQueries = (builder: Builder) => {
  const any = builder as unknown as AnyTable;
  const insertInto = (table: Imported) => {
    const columns = Object.keys(movedTables[table].columns).filter((column) => column !== 'id');
    return prepared<Named, unknown>((p) =>
      any.insertInto(table).values(Object.fromEntries(columns.map((column) => [column, p(column)]))),
    );
  };
  const uuidsIn = (table: Imported) =>
    preparedSet<{ uuid: string }, { uuid: string }>((items) =>
      any
        .selectFrom(table)
        .select('uuid')
        .where('uuid', 'in', items.map((item) => item('uuid')) as never)
        .$castTo<{ uuid: string }>(),
    );
  const each = <Made>(make: (table: Imported) => Made): Record<Imported, Made> => ({
    users: make('users'),
    chats: make('chats'),
    messages: make('messages'),
    replies: make('replies'),
    attachments: make('attachments'),
  });
  return {
    inserts: each(insertInto),
    uuids: each(uuidsIn),
    named: prepared((p: Placeholders<{ key: string }>) =>
      builder
        .selectFrom('users')
        .select('id')
        .where((where) =>
          where.or([where('username_key', '=', p('key')), where('email_key', '=', p('key'))]),
        ),
    ),
  };
};

export type ImportQueries = ReturnType<typeof importQueries>;

/** Those of some UUIDs that rows of a table have. */
export async function takenOf(
  { reading, queries }: { reading: Reading; queries: ImportQueries },
  table: Imported,
  uuids: readonly string[],
): Promise<Set<string>> {
  const taken = new Set<string>();
  for (const { query, items } of queries.uuids[table].pieces(uuids.map((uuid) => ({ uuid }))))
    for (const { uuid } of await reading.all(query, items)) taken.add(uuid);
  return taken;
}

/** Stores a row and gives its id. */
export const insertRow = async <Table extends Imported>(
  { connection, queries }: { connection: Connection; queries: ImportQueries },
  table: Table,
  row: NewRow<Table>,
): Promise<number> => connection.insert(queries.inserts[table], row as unknown as Named);
