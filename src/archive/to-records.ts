import type { Selectable } from 'kysely';
import type { Schema } from '../storage/schema.ts';
import type { AttachmentRecord, ChatRecord, MessageRecord, UserRecord } from './records.ts';

type Rows<Table extends keyof Schema> = Selectable<Schema[Table]>;

export const toUserRecord = (
  row: Rows<'users'>,
  { withPassword }: { withPassword: boolean },
): UserRecord => ({
  type: 'user',
  id: row.uuid,
  username: row.username,
  email: row.email,
  first_name: row.first_name,
  role: row.role,
  disabled_at: isoOrNull(row.disabled_at),
  created_at: iso(row.created_at),
  updated_at: iso(row.updated_at),
  ...(withPassword ? { password_hash: row.password_hash } : {}),
});

export const toChatRecord = (row: Rows<'chats'>): ChatRecord => ({
  type: 'chat',
  id: row.uuid,
  title: row.title,
  titled: row.titled === 1,
  pinned: row.pinned === 1,
  model: row.model,
  system_prompt: row.system_prompt,
  temperature: row.temperature_milli === null ? null : row.temperature_milli / 1000,
  max_output_tokens: row.max_output_tokens,
  created_at: iso(row.created_at),
  updated_at: iso(row.updated_at),
});

const activities = ['inactive', 'active', 'resting'] as const;

type MessageParts = {
  row: Rows<'messages'>;
  parent: string | null;
  /** Of the last reply that wrote it. */
  reply: Rows<'replies'> | undefined;
  /** What a reply that still writes it has said. */
  textSoFar: string;
  /** A reply that has not ended ends here. */
  now: number;
};

export const toMessageRecord = ({ row, parent, reply, textSoFar, now }: MessageParts): MessageRecord => {
  const isOpen = row.state === 'writing';
  return {
    type: 'message',
    id: row.uuid,
    parent,
    role: row.role,
    state: row.state === 'writing' ? 'interrupted' : row.state,
    text: isOpen ? textSoFar : row.text,
    kind: row.kind,
    image_url: row.image_url,
    media_urls: row.media === null ? [] : (JSON.parse(row.media) as string[]),
    reply_to: row.reply_to_uuid,
    activity: activities[row.active] ?? 'inactive',
    delivery: row.delivery_status,
    created_at: iso(row.created_at),
    updated_at: iso(row.updated_at),
    deleted_at: isoOrNull(row.deleted_at),
    reply: reply
      ? {
          id: reply.uuid,
          provider: reply.provider,
          model: reply.model,
          prompt_tokens: reply.prompt_tokens,
          completion_tokens: reply.completion_tokens,
          tokens_estimated: reply.tokens_estimated === null ? null : reply.tokens_estimated === 1,
          error_code: reply.error_code,
          created_at: iso(reply.created_at),
          started_at: isoOrNull(reply.started_at),
          first_text_at: isoOrNull(reply.first_text_at),
          ended_at: iso(reply.ended_at ?? now),
        }
      : null,
  };
};

export const toAttachmentRecord = (row: Rows<'attachments'>, message: string | null): AttachmentRecord => ({
  type: 'attachment',
  id: row.uuid,
  message,
  name: row.name,
  media_type: row.media_type,
  size_bytes: row.size_bytes,
  sha256: row.sha256,
  width: row.width,
  height: row.height,
  created_at: iso(row.created_at),
});

const iso = (millis: number): string => new Date(millis).toISOString();
const isoOrNull = (millis: number | null): string | null => (millis === null ? null : iso(millis));
