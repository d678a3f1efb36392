import type { Migration } from './column-types.ts';

/**
 * The index of words, and what it is kept up to date with. Nothing refers to a user but the mark: who writes the rest holds the mark's row,
 * and a reference would make the index wait for the user's sends on some databases. What is there already is read after the start.
 */
export const search: Migration = {
  name: '0003-search',

  up: async (database, types) => {
    const { text, longtext, integer, millis, flag, reference } = types;
    await types
      .endTable(
        database.schema
          .createTable('search_terms')
          .addColumn('user_id', reference, (column) => column.notNull())
          .addColumn('kind', flag, (column) => column.notNull())
          .addColumn('term', text(192), (column) => column.notNull())
          .addColumn('first_id', reference, (column) => column.notNull())
          .addColumn('ids', longtext, (column) => column.notNull())
          .addPrimaryKeyConstraint('search_terms_key', ['user_id', 'kind', 'term', 'first_id']),
        'clustered',
      )
      .execute();
    await types
      .endTable(
        database.schema
          .createTable('search_marks')
          .addColumn('user_id', reference, (column) => column.notNull())
          .addColumn('position', millis, (column) => column.notNull())
          .addColumn('built_chat_id', reference)
          .addColumn('built_message_id', reference)
          .addColumn('version', integer, (column) => column.notNull())
          .addColumn('indexed_at', millis, (column) => column.notNull())
          .addPrimaryKeyConstraint('search_marks_key', ['user_id'])
          .addForeignKeyConstraint('search_marks_user', ['user_id'], 'users', ['id'], (key) =>
            key.onDelete('cascade'),
          ),
        'counted',
      )
      .execute();
    await types
      .endTable(
        database.schema
          .createTable('search_formers')
          .addColumn('id', types.key, (column) => types.countUp(column.primaryKey().notNull()))
          .addColumn('user_id', reference, (column) => column.notNull())
          .addColumn('kind', flag, (column) => column.notNull())
          .addColumn('subject_id', reference, (column) => column.notNull())
          .addColumn('text', longtext, (column) => column.notNull()),
        'counted',
      )
      .execute();
    await database.schema
      .createIndex('search_formers_by_user_id_id')
      .on('search_formers')
      .columns(['user_id', 'id'])
      .execute();
  },

  down: async (database) => {
    for (const table of ['search_formers', 'search_marks', 'search_terms'])
      await database.schema.dropTable(table).execute();
  },
};
