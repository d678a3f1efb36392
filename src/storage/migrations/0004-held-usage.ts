import type { Migration } from './column-types.ts';

/** What questions beside any chat hold of their user's day, until whoever asked has settled it, or has died. */
export const heldUsage: Migration = {
  name: '0004-held-usage',

  up: async (database, types) => {
    const { text, millis, reference } = types;
    await types
      .endTable(
        database.schema
          .createTable('held_usage')
          .addColumn('uuid', text(36), (column) => column.notNull())
          .addColumn('node_id', text(64), (column) => column.notNull())
          .addColumn('user_id', reference, (column) => column.notNull())
          .addColumn('day', text(10), (column) => column.notNull())
          .addColumn('tokens', millis, (column) => column.notNull())
          .addPrimaryKeyConstraint('held_usage_key', ['uuid'])
          .addForeignKeyConstraint('held_usage_user', ['user_id'], 'users', ['id'], (key) =>
            key.onDelete('cascade'),
          ),
        'clustered',
      )
      .execute();
    await database.schema.createIndex('held_usage_by_user_id').on('held_usage').column('user_id').execute();
  },

  down: async (database) => {
    await database.schema.dropTable('held_usage').execute();
  },
};
