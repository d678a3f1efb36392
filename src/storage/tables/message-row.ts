import type { Selectable } from 'kysely';
import type { ChatId, ChatUuid } from '../../core/chats/chat.ts';
import type { Message, MessageId, MessageUuid } from '../../core/messages/message.ts';
import type { UserId } from '../../core/users/user.ts';
import type { Schema } from '../schema.ts';

export const messageColumns = [
  'id',
  'uuid',
  'chat_id',
  'chat_uuid',
  'user_id',
  'parent_id',
  'role',
  'state',
  'text',
  'image_url',
  'kind',
  'media',
  'reply_to_uuid',
  'delivery_status',
  'revision',
  'created_at',
  'updated_at',
] as const;

export type MessageRow = Pick<Selectable<Schema['messages']>, (typeof messageColumns)[number]>;

export const noMedia: readonly string[] = [];

export const toMessage = (row: MessageRow): Message => ({
  id: row.id as MessageId,
  uuid: row.uuid as MessageUuid,
  chatId: row.chat_id as ChatId,
  chatUuid: row.chat_uuid as ChatUuid,
  userId: row.user_id as UserId,
  parentId: row.parent_id as MessageId | null,
  role: row.role,
  state: row.state,
  text: row.text,
  imageUrl: row.image_url,
  kind: row.kind,
  mediaUrls: row.media === null ? noMedia : (JSON.parse(row.media) as string[]),
  replyToUuid: row.reply_to_uuid as MessageUuid | null,
  delivery: row.delivery_status,
  revision: row.revision,
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
});
