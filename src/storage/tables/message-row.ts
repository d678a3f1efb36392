import type { Selectable } from 'kysely';
import type { ChatId, ChatUuid } from '../../core/chats/chat.ts';
import type { Message, MessageActivity, MessageId, MessageUuid } from '../../core/messages/message.ts';
import type { Twig } from '../../core/store.ts';
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
  'active',
  'revision',
  'created_at',
  'updated_at',
] as const;

export type MessageRow = Pick<Selectable<Schema['messages']>, (typeof messageColumns)[number]>;

/** How the column `active` says it: the branch that is shown is 1, so that lists walk its part of the index. */
export const activityCodes = { inactive: 0, active: 1, resting: 2 } as const satisfies Record<
  MessageActivity,
  number
>;

const activities = ['inactive', 'active', 'resting'] as const;

export const noMedia: readonly string[] = [];

export const mediaUrlsOf = ({ media }: Pick<MessageRow, 'media'>): readonly string[] =>
  media === null ? noMedia : (JSON.parse(media) as string[]);

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
  mediaUrls: mediaUrlsOf(row),
  replyToUuid: row.reply_to_uuid as MessageUuid | null,
  delivery: row.delivery_status,
  activity: activityOf(row),
  revision: row.revision,
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
});

type TwigRow = Pick<MessageRow, 'id' | 'parent_id' | 'role' | 'active'>;

export const toTwig = (row: TwigRow): Omit<Twig, 'isBuried'> => ({
  id: row.id as MessageId,
  parentId: row.parent_id as MessageId | null,
  role: row.role,
  activity: activityOf(row),
});

export const activityOf = ({ active }: Pick<MessageRow, 'active'>): MessageActivity =>
  activities[active] ?? 'inactive';
