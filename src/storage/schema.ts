import type { Generated, Kysely } from 'kysely';
import type { ChangeType } from '../core/events.ts';
import type { DeliveryStatus, MessageRole, MessageState } from '../core/messages/message.ts';
import type { ReplyState } from '../core/replies/reply.ts';
import type { SessionKind } from '../core/sessions/session.ts';
import type { UserRole } from '../core/users/user.ts';

/** Milliseconds since 1970 in UTC. */
type Millis = number;
/** 0 or 1. */
type Flag = number;

type UserRows = {
  id: Generated<number>;
  uuid: string;
  username: string | null;
  username_key: string | null;
  email: string | null;
  email_key: string | null;
  first_name: string | null;
  password_hash: string;
  role: UserRole;
  disabled_at: Millis | null;
  /** The position of the newest row of `changes`; a purge of old changes leaves it. */
  feed_position: Generated<number>;
  created_at: Millis;
  updated_at: Millis;
};

type SessionRows = {
  id: Generated<number>;
  uuid: string;
  user_id: number;
  kind: SessionKind;
  secret_hash: string | null;
  generation: number;
  used_generation: number;
  created_at: Millis;
  expires_at: Millis;
  lifetime_ms: number;
  ended_at: Millis | null;
};

type ChatRows = {
  id: Generated<number>;
  uuid: string;
  user_id: number;
  title: string;
  titled: Flag;
  pinned: Flag;
  message_count: number;
  last_message_at: Millis | null;
  last_message_text: string;
  revision: number;
  created_at: Millis;
  updated_at: Millis;
};

type MessageRows = {
  id: Generated<number>;
  uuid: string;
  chat_id: number;
  chat_uuid: string;
  user_id: number;
  parent_id: number | null;
  role: MessageRole;
  state: MessageState;
  /** Empty while a reply writes it: until its end, the text is in `reply_deltas`. */
  text: string;
  kind: string;
  image_url: string | null;
  /** A JSON array; null for an empty one. */
  media: string | null;
  reply_to_uuid: string | null;
  /** Whether it is on the branch that is shown. */
  active: Flag;
  delivery_status: Generated<DeliveryStatus>;
  revision: number;
  deleted_at: Millis | null;
  created_at: Millis;
  updated_at: Millis;
};

type ReplyRows = {
  id: Generated<number>;
  uuid: string;
  chat_id: number;
  chat_uuid: string;
  user_id: number;
  answers_id: number;
  message_id: number | null;
  state: ReplyState;
  error_code: string | null;
  node_id: string | null;
  provider: string | null;
  model: string | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  created_at: Millis;
  /** Null exactly while the reply waits or writes. */
  ended_at: Millis | null;
};

type ReplyDeltaRows = {
  reply_id: number;
  /** UTF-16 code units of the reply before this delta. */
  start: number;
  /** UTF-16 code units of `text`, which databases count differently. */
  length: number;
  text: string;
};

type NodeRows = { id: string; beat_at: Millis };

type AttachmentRows = {
  id: Generated<number>;
  uuid: string;
  user_id: number;
  message_id: number | null;
  name: string;
  media_type: string;
  size_bytes: number;
  sha256: string;
  storage_key: string;
  created_at: Millis;
};

type IdempotencyKeyRows = {
  user_id: number;
  key: string;
  content_hash: string;
  message_id: number;
  reply_id: number | null;
  created_at: Millis;
};

type ChangeRows = {
  user_id: number;
  position: number;
  type: ChangeType;
  chat_id: number | null;
  message_id: number | null;
  reply_id: number | null;
  chat_uuid: string | null;
  message_uuid: string | null;
  created_at: Millis;
};

type MigrationRows = { name: string; applied_at: Millis };

/** Every table, as all engines have it. */
export type Schema = {
  users: UserRows;
  sessions: SessionRows;
  chats: ChatRows;
  messages: MessageRows;
  replies: ReplyRows;
  reply_deltas: ReplyDeltaRows;
  nodes: NodeRows;
  attachments: AttachmentRows;
  idempotency_keys: IdempotencyKeyRows;
  changes: ChangeRows;
  migrations: MigrationRows;
};

export type Builder = Kysely<Schema>;
