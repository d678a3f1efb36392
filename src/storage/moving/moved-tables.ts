import type { SelectType } from 'kysely';
import type { Schema } from '../schema.ts';

export type MovedTable = Exclude<keyof Schema, 'migrations'>;

type KindOf<Value> = Value extends number | null ? 'number' : 'text';
type Columns<Table extends MovedTable> = {
  readonly [Column in keyof Schema[Table] & string]: KindOf<SelectType<Schema[Table][Column]>>;
};
/** `key`: the columns of the primary key, in its order. */
type Moved<Table extends MovedTable> = {
  readonly key: readonly (keyof Schema[Table] & string)[];
  readonly columns: Columns<Table>;
};

/**
 * Every table, those first that others refer to, with every column: the compiler holds both against the schema. The order of the
 * columns is that in which rows are hashed.
 */
export const movedTables: { readonly [Table in MovedTable]: Moved<Table> } = {
  users: {
    key: ['id'],
    columns: {
      id: 'number',
      uuid: 'text',
      username: 'text',
      username_key: 'text',
      email: 'text',
      email_key: 'text',
      first_name: 'text',
      password_hash: 'text',
      role: 'text',
      disabled_at: 'number',
      feed_position: 'number',
      created_at: 'number',
      updated_at: 'number',
    },
  },
  sessions: {
    key: ['id'],
    columns: {
      id: 'number',
      uuid: 'text',
      user_id: 'number',
      kind: 'text',
      secret_hash: 'text',
      generation: 'number',
      used_generation: 'number',
      created_at: 'number',
      expires_at: 'number',
      lifetime_ms: 'number',
      ended_at: 'number',
    },
  },
  chats: {
    key: ['id'],
    columns: {
      id: 'number',
      uuid: 'text',
      user_id: 'number',
      title: 'text',
      titled: 'number',
      pinned: 'number',
      model: 'text',
      system_prompt: 'text',
      temperature_milli: 'number',
      max_output_tokens: 'number',
      summary: 'text',
      summary_message_id: 'number',
      message_count: 'number',
      last_message_at: 'number',
      last_message_text: 'text',
      revision: 'number',
      created_at: 'number',
      updated_at: 'number',
    },
  },
  messages: {
    key: ['id'],
    columns: {
      id: 'number',
      uuid: 'text',
      chat_id: 'number',
      chat_uuid: 'text',
      user_id: 'number',
      parent_id: 'number',
      role: 'text',
      state: 'text',
      text: 'text',
      kind: 'text',
      image_url: 'text',
      media: 'text',
      reply_to_uuid: 'text',
      active: 'number',
      delivery_status: 'text',
      revision: 'number',
      deleted_at: 'number',
      created_at: 'number',
      updated_at: 'number',
    },
  },
  replies: {
    key: ['id'],
    columns: {
      id: 'number',
      uuid: 'text',
      chat_id: 'number',
      chat_uuid: 'text',
      user_id: 'number',
      answers_id: 'number',
      message_id: 'number',
      state: 'text',
      error_code: 'text',
      node_id: 'text',
      provider: 'text',
      model: 'text',
      prompt_tokens: 'number',
      completion_tokens: 'number',
      tokens_estimated: 'number',
      reserved_tokens: 'number',
      stop_requested: 'number',
      started_at: 'number',
      first_text_at: 'number',
      created_at: 'number',
      ended_at: 'number',
    },
  },
  reply_deltas: {
    key: ['reply_id', 'start'],
    columns: { reply_id: 'number', start: 'number', length: 'number', text: 'text' },
  },
  nodes: { key: ['id'], columns: { id: 'text', beat_at: 'number' } },
  attachments: {
    key: ['id'],
    columns: {
      id: 'number',
      uuid: 'text',
      user_id: 'number',
      message_id: 'number',
      name: 'text',
      media_type: 'text',
      size_bytes: 'number',
      sha256: 'text',
      storage_key: 'text',
      width: 'number',
      height: 'number',
      created_at: 'number',
    },
  },
  idempotency_keys: {
    key: ['user_id', 'key'],
    columns: {
      user_id: 'number',
      key: 'text',
      content_hash: 'text',
      message_id: 'number',
      reply_id: 'number',
      created_at: 'number',
    },
  },
  changes: {
    key: ['user_id', 'position'],
    columns: {
      user_id: 'number',
      position: 'number',
      type: 'text',
      chat_id: 'number',
      message_id: 'number',
      reply_id: 'number',
      chat_uuid: 'text',
      message_uuid: 'text',
      created_at: 'number',
    },
  },
  usage_days: {
    key: ['user_id', 'day', 'provider', 'model'],
    columns: {
      user_id: 'number',
      day: 'text',
      provider: 'text',
      model: 'text',
      replies: 'number',
      prompt_tokens: 'number',
      completion_tokens: 'number',
      duration_ms: 'number',
    },
  },
  allowances: {
    key: ['user_id', 'day'],
    columns: { user_id: 'number', day: 'text', replies: 'number', tokens: 'number' },
  },
  held_usage: {
    key: ['uuid'],
    columns: { uuid: 'text', node_id: 'text', user_id: 'number', day: 'text', tokens: 'number' },
  },
  search_terms: {
    key: ['user_id', 'kind', 'term', 'first_id'],
    columns: { user_id: 'number', kind: 'number', term: 'text', first_id: 'number', ids: 'text' },
  },
  search_marks: {
    key: ['user_id'],
    columns: {
      user_id: 'number',
      position: 'number',
      built_chat_id: 'number',
      built_message_id: 'number',
      version: 'number',
      indexed_at: 'number',
    },
  },
  search_formers: {
    key: ['id'],
    columns: { id: 'number', user_id: 'number', kind: 'number', subject_id: 'number', text: 'text' },
  },
};

export const movedNames = Object.keys(movedTables) as MovedTable[];

/** The tables whose ids the database counts up. */
export const countedNames = movedNames.filter((name) => {
  const { key, columns } = movedTables[name] as { key: readonly string[]; columns: object };
  return key.join() === 'id' && (columns as { id: string }).id === 'number';
});
