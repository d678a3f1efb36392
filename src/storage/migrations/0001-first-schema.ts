import type { ColumnTypes, Migration } from './column-types.ts';
import type { CreateTableBuilder, Kysely } from 'kysely';

/**
 * Foreign keys stand where a row must go with another one. `messages.parent_id`, `replies.answers_id`, `sessions.user_id` and the
 * references of `changes` and `idempotency_keys` have none: the core keeps them, a delete need not look for them, and the last three
 * outlive what they name.
 */
export const firstSchema: Migration = {
  name: '0001-first-schema',

  up: async (database, types) => {
    const { text, longtext, integer, millis, flag, reference } = types;

    await counted(database, types, 'users')
      .addColumn('username', text(255))
      .addColumn('username_key', text(255))
      .addColumn('email', text(320))
      .addColumn('email_key', text(320))
      .addColumn('first_name', text(255))
      .addColumn('password_hash', text(512), (column) => column.notNull())
      .addColumn('role', text(16), (column) => column.notNull())
      .addColumn('disabled_at', millis)
      .addColumn('feed_position', millis, (column) => column.notNull().defaultTo(0))
      .addColumn('created_at', millis, (column) => column.notNull())
      .addColumn('updated_at', millis, (column) => column.notNull())
      .addUniqueConstraint('users_username_key_unique', ['username_key'])
      .addUniqueConstraint('users_email_key_unique', ['email_key'])
      .execute();

    await counted(database, types, 'sessions')
      .addColumn('user_id', reference, (column) => column.notNull())
      .addColumn('kind', text(16), (column) => column.notNull())
      .addColumn('secret_hash', text(64))
      .addColumn('generation', integer, (column) => column.notNull())
      .addColumn('used_generation', integer, (column) => column.notNull())
      .addColumn('created_at', millis, (column) => column.notNull())
      .addColumn('expires_at', millis, (column) => column.notNull())
      .addColumn('lifetime_ms', millis, (column) => column.notNull())
      .addColumn('ended_at', millis)
      .addUniqueConstraint('sessions_secret_hash_unique', ['secret_hash'])
      .execute();
    await index(database, 'sessions', ['user_id', 'ended_at']);
    await index(database, 'sessions', ['ended_at']);
    await index(database, 'sessions', ['expires_at']);

    await counted(database, types, 'chats')
      .addColumn('user_id', reference, (column) => column.notNull())
      .addColumn('title', text(255), (column) => column.notNull())
      .addColumn('titled', flag, (column) => column.notNull())
      .addColumn('pinned', flag, (column) => column.notNull())
      .addColumn('message_count', integer, (column) => column.notNull())
      .addColumn('last_message_at', millis)
      .addColumn('last_message_text', longtext, (column) => column.notNull())
      .addColumn('revision', integer, (column) => column.notNull())
      .addColumn('created_at', millis, (column) => column.notNull())
      .addColumn('updated_at', millis, (column) => column.notNull())
      .addForeignKeyConstraint('chats_user', ['user_id'], 'users', ['id'], (key) => key.onDelete('cascade'))
      .execute();
    await index(database, 'chats', ['user_id', 'pinned', 'updated_at', 'id']);

    await counted(database, types, 'messages')
      .addColumn('chat_id', reference, (column) => column.notNull())
      .addColumn('chat_uuid', text(36), (column) => column.notNull())
      .addColumn('user_id', reference, (column) => column.notNull())
      .addColumn('parent_id', reference)
      .addColumn('role', text(16), (column) => column.notNull())
      .addColumn('state', text(16), (column) => column.notNull())
      .addColumn('text', longtext, (column) => column.notNull())
      .addColumn('kind', text(32), (column) => column.notNull())
      .addColumn('image_url', longtext)
      .addColumn('media', longtext)
      .addColumn('reply_to_uuid', text(36))
      .addColumn('active', flag, (column) => column.notNull())
      .addColumn('delivery_status', text(16), (column) => column.notNull().defaultTo('sent'))
      .addColumn('revision', integer, (column) => column.notNull())
      .addColumn('deleted_at', millis)
      .addColumn('created_at', millis, (column) => column.notNull())
      .addColumn('updated_at', millis, (column) => column.notNull())
      .addForeignKeyConstraint('messages_chat', ['chat_id'], 'chats', ['id'], (key) =>
        key.onDelete('cascade'),
      )
      .execute();
    await index(database, 'messages', ['chat_id', 'active', 'deleted_at', 'id']);

    await counted(database, types, 'replies')
      .addColumn('chat_id', reference, (column) => column.notNull())
      .addColumn('chat_uuid', text(36), (column) => column.notNull())
      .addColumn('user_id', reference, (column) => column.notNull())
      .addColumn('answers_id', reference, (column) => column.notNull())
      .addColumn('message_id', reference)
      .addColumn('state', text(16), (column) => column.notNull())
      .addColumn('error_code', text(64))
      .addColumn('node_id', text(64))
      .addColumn('provider', text(64))
      .addColumn('model', text(255))
      .addColumn('prompt_tokens', integer)
      .addColumn('completion_tokens', integer)
      .addColumn('created_at', millis, (column) => column.notNull())
      .addColumn('ended_at', millis)
      .addForeignKeyConstraint('replies_chat', ['chat_id'], 'chats', ['id'], (key) => key.onDelete('cascade'))
      .addForeignKeyConstraint('replies_message', ['message_id'], 'messages', ['id'], (key) =>
        key.onDelete('set null'),
      )
      .execute();
    await index(database, 'replies', ['chat_id', 'ended_at', 'id']);
    await index(database, 'replies', ['message_id', 'id']);
    await index(database, 'replies', ['ended_at', 'user_id']);

    await types
      .endTable(
        database.schema
          .createTable('reply_deltas')
          .addColumn('reply_id', reference, (column) => column.notNull())
          .addColumn('start', integer, (column) => column.notNull())
          .addColumn('length', integer, (column) => column.notNull())
          .addColumn('text', longtext, (column) => column.notNull())
          .addPrimaryKeyConstraint('reply_deltas_key', ['reply_id', 'start'])
          .addForeignKeyConstraint('reply_deltas_reply', ['reply_id'], 'replies', ['id'], (key) =>
            key.onDelete('cascade'),
          ),
        'clustered',
      )
      .execute();

    await types
      .endTable(
        database.schema
          .createTable('nodes')
          .addColumn('id', text(64), (column) => column.notNull().primaryKey())
          .addColumn('beat_at', millis, (column) => column.notNull()),
        'clustered',
      )
      .execute();
    await index(database, 'nodes', ['beat_at']);

    await counted(database, types, 'attachments')
      .addColumn('user_id', reference, (column) => column.notNull())
      .addColumn('message_id', reference)
      .addColumn('name', text(255), (column) => column.notNull())
      .addColumn('media_type', text(255), (column) => column.notNull())
      .addColumn('size_bytes', millis, (column) => column.notNull())
      .addColumn('sha256', text(64), (column) => column.notNull())
      .addColumn('storage_key', text(255), (column) => column.notNull())
      .addColumn('created_at', millis, (column) => column.notNull())
      .addForeignKeyConstraint('attachments_user', ['user_id'], 'users', ['id'], (key) =>
        key.onDelete('cascade'),
      )
      .addForeignKeyConstraint('attachments_message', ['message_id'], 'messages', ['id'], (key) =>
        key.onDelete('set null'),
      )
      .execute();
    await index(database, 'attachments', ['user_id', 'id']);
    await index(database, 'attachments', ['message_id', 'id']);

    await types
      .endTable(
        database.schema
          .createTable('idempotency_keys')
          .addColumn('user_id', reference, (column) => column.notNull())
          .addColumn('key', text(255), (column) => column.notNull())
          .addColumn('content_hash', text(64), (column) => column.notNull())
          .addColumn('message_id', reference, (column) => column.notNull())
          .addColumn('reply_id', reference)
          .addColumn('created_at', millis, (column) => column.notNull())
          .addPrimaryKeyConstraint('idempotency_keys_key', ['user_id', 'key'])
          .addForeignKeyConstraint('idempotency_keys_user', ['user_id'], 'users', ['id'], (key) =>
            key.onDelete('cascade'),
          ),
        'clustered',
      )
      .execute();
    await index(database, 'idempotency_keys', ['created_at']);

    await types
      .endTable(
        database.schema
          .createTable('changes')
          .addColumn('user_id', reference, (column) => column.notNull())
          .addColumn('position', millis, (column) => column.notNull())
          .addColumn('type', text(32), (column) => column.notNull())
          .addColumn('chat_id', reference)
          .addColumn('message_id', reference)
          .addColumn('reply_id', reference)
          .addColumn('chat_uuid', text(36))
          .addColumn('message_uuid', text(36))
          .addColumn('created_at', millis, (column) => column.notNull())
          .addPrimaryKeyConstraint('changes_key', ['user_id', 'position'])
          .addForeignKeyConstraint('changes_user', ['user_id'], 'users', ['id'], (key) =>
            key.onDelete('cascade'),
          ),
        'clustered',
      )
      .execute();
    await index(database, 'changes', ['created_at']);
  },

  down: async (database) => {
    const newestFirst = [
      'changes',
      'idempotency_keys',
      'attachments',
      'nodes',
      'reply_deltas',
      'replies',
      'messages',
      'chats',
      'sessions',
      'users',
    ];
    for (const table of newestFirst) await database.schema.dropTable(table).execute();
  },
};

/** A table whose rows have an integer key and a UUID. */
const counted = (
  database: Kysely<never>,
  types: ColumnTypes,
  table: string,
): CreateTableBuilder<string, string> =>
  types.endTable(
    database.schema
      .createTable(table)
      .addColumn('id', types.key, (column) => types.countUp(column.primaryKey().notNull()))
      .addColumn('uuid', types.text(36), (column) => column.notNull())
      .addUniqueConstraint(`${table}_uuid_unique`, ['uuid']),
    'counted',
  );

const index = (database: Kysely<never>, table: string, columns: string[]): Promise<void> =>
  database.schema
    .createIndex(`${table}_by_${columns.join('_')}`)
    .on(table)
    .columns(columns)
    .execute();
