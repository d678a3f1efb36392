import type { Kysely } from 'kysely';
import type { ColumnTypes, Migration } from './column-types.ts';

type DataType = ColumnTypes['integer'];

/** What chats ask of their AI, what replies cost, and what users may ask for in a day. */
export const modelsAndUsage: Migration = {
  name: '0002-models-and-usage',

  up: async (database, types) => {
    for (const [table, columns] of Object.entries(addedColumns(types)))
      for (const [column, type] of Object.entries(columns))
        await database.schema.alterTable(table).addColumn(column, type).execute();
    await database.schema
      .alterTable('replies')
      .addColumn('stop_requested', types.flag, (column) => column.notNull().defaultTo(0))
      .execute();

    await ofUserAndDay(database, types, 'usage_days')
      .addColumn('provider', types.text(64), (column) => column.notNull())
      .addColumn('model', types.text(255), (column) => column.notNull())
      .addColumn('replies', types.integer, (column) => column.notNull())
      .addColumn('prompt_tokens', types.millis, (column) => column.notNull())
      .addColumn('completion_tokens', types.millis, (column) => column.notNull())
      .addColumn('duration_ms', types.millis, (column) => column.notNull())
      .addPrimaryKeyConstraint('usage_days_key', ['user_id', 'day', 'provider', 'model'])
      .execute();
    await ofUserAndDay(database, types, 'allowances')
      .addColumn('replies', types.integer, (column) => column.notNull())
      .addColumn('tokens', types.millis, (column) => column.notNull())
      .addPrimaryKeyConstraint('allowances_key', ['user_id', 'day'])
      .execute();
    await database.schema.createIndex('allowances_by_day').on('allowances').column('day').execute();
  },

  down: async (database, types) => {
    await database.schema.dropTable('allowances').execute();
    await database.schema.dropTable('usage_days').execute();
    await database.schema.alterTable('replies').dropColumn('stop_requested').execute();
    for (const [table, columns] of Object.entries(addedColumns(types)))
      for (const column of Object.keys(columns))
        await database.schema.alterTable(table).dropColumn(column).execute();
  },
};

const addedColumns = ({ text, longtext, integer, millis, flag, reference }: ColumnTypes) =>
  ({
    chats: {
      model: text(255),
      system_prompt: longtext,
      temperature_milli: integer,
      max_output_tokens: integer,
      summary: longtext,
      summary_message_id: reference,
    },
    replies: { tokens_estimated: flag, reserved_tokens: integer, started_at: millis, first_text_at: millis },
    attachments: { width: integer, height: integer },
  }) satisfies Record<string, Record<string, DataType>>;

const ofUserAndDay = (database: Kysely<never>, types: ColumnTypes, table: string) =>
  types
    .endTable(database.schema.createTable(table), 'clustered')
    .addColumn('user_id', types.reference, (column) => column.notNull())
    .addColumn('day', types.text(10), (column) => column.notNull())
    .addForeignKeyConstraint(`${table}_user`, ['user_id'], 'users', ['id'], (key) => key.onDelete('cascade'));
