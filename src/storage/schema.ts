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
  model: string | null;
  system_prompt: string | null;
  /** Thousandths. */
  temperature_milli: number | null;
  max_output_tokens: number | null;
  /** What was said up to and with a message, in short; null where nothing was shortened. */
  summary: string | null;
  summary_message_id: number | null;
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
  /** 1: it is on the branch that is shown; 2: it is not, but followed the turn before it last; 0: neither. */
  active: number;
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
  /** 1 where the AI did not count, so that the tokens are an estimate; null while there are none. */
  tokens_estimated: Flag | null;
  /** Of the user's day, held until the end; null where days are not limited. */
  reserved_tokens: number | null;
  /** 1 once another process has asked its writer to stop it. */
  stop_requested: Generated<Flag>;
  started_at: Millis | null;
  first_text_at: Millis | null;
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
  /** Pixels; null where it is no image. */
  width: number | null;
  height: number | null;
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

/** What a user asked of one model on one day. */
type UsageRows = {
  user_id: number;
  /** In UTC, as `2026-01-31`. */
  day: string;
  provider: string;
  model: string;
  replies: number;
  prompt_tokens: number;
  completion_tokens: number;
  duration_ms: Millis;
};

/** What a user may still ask for on one day. */
type AllowanceRows = {
  user_id: number;
  day: string;
  replies: number;
  /** Settled and reserved ones. */
  tokens: number;
};

/** What a question beside any chat holds of its user's day. */
type HeldUsageRows = {
  uuid: string;
  node_id: string;
  user_id: number;
  day: string;
  tokens: number;
};

/** What of a user has a term. */
type SearchTermRows = {
  user_id: number;
  /** 0: messages; 1: chats, by their title. */
  kind: number;
  term: string;
  /** None of the ids is lower; 0 for the newest block, which all others are older than. */
  first_id: number;
  ids: string;
};

/** How far the index of a user goes. */
type SearchMarkRows = {
  user_id: number;
  position: number;
  /** Both null once everything from before is in it. */
  built_chat_id: number | null;
  built_message_id: number | null;
  version: number;
  indexed_at: Millis;
};

/** What was said before it was changed or erased, until the index has let go of it. */
type SearchFormerRows = {
  id: Generated<number>;
  user_id: number;
  kind: number;
  subject_id: number;
  text: string;
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
  usage_days: UsageRows;
  allowances: AllowanceRows;
  held_usage: HeldUsageRows;
  search_terms: SearchTermRows;
  search_marks: SearchMarkRows;
  search_formers: SearchFormerRows;
  migrations: MigrationRows;
};

export type Builder = Kysely<Schema>;
