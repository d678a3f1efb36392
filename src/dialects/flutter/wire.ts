import { Type } from 'typebox';
import type { Chat } from '../../core/chats/chat.ts';
import type { Message } from '../../core/messages/message.ts';
import type { User } from '../../core/users/user.ts';
import { naiveUtcMillis } from '../kit/naive-utc.ts';

const Id = Type.String({ format: 'uuid' });
const NullableId = Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'uuid' });
const Time = Type.String({
  description: 'UTC without a zone, to the millisecond',
  examples: ['2024-01-15T10:30:00.250'],
});

export const UserBody = Type.Object({ id: Id, username: Type.String(), email: Type.String() });

export const ChatBody = Type.Object({
  id: Id,
  title: Type.String(),
  created_at: Time,
  last_message_time: Time,
  last_message_content: Type.String({ description: 'The newest message, or its first 4000 characters' }),
  is_pinned: Type.Boolean(),
});

export const MessageBody = Type.Object({
  id: Id,
  content: Type.String(),
  type: Type.String({ examples: ['text', 'image', 'audio'] }),
  sender: Type.Enum(['user', 'ai']),
  timestamp: Time,
  status: Type.Enum(['sent', 'delivered', 'read']),
  media_urls: Type.Array(Type.String()),
  reply_to_id: NullableId,
  importance_level: Type.Enum(['normal']),
});

/** The client casts both names to strings: who signed up elsewhere without one is shown by what there is. */
export const toUser = ({ uuid, username, email }: User) => ({
  id: uuid,
  username: username ?? email ?? '',
  email: email ?? '',
});

/** When a chat last said something: where it orders its list by. */
export const lastMessageAt = (chat: Chat): Date => chat.lastMessageAt ?? chat.createdAt;

export const toChat = (chat: Chat) => ({
  id: chat.uuid,
  title: chat.title,
  created_at: naiveUtcMillis(chat.createdAt),
  last_message_time: naiveUtcMillis(lastMessageAt(chat)),
  last_message_content: chat.lastMessageText,
  is_pinned: chat.pinned,
});

export const toMessage = (message: Message) => ({
  id: message.uuid,
  content: message.text,
  type: message.kind,
  sender: message.role === 'user' ? ('user' as const) : ('ai' as const),
  timestamp: naiveUtcMillis(message.createdAt),
  status: message.delivery,
  media_urls: mediaUrlsOf(message),
  reply_to_id: message.replyToUuid,
  importance_level: 'normal' as const,
});

/** An image that came through another API is media here. */
const mediaUrlsOf = ({ mediaUrls, imageUrl }: Message): string[] =>
  imageUrl === null ? [...mediaUrls] : [imageUrl, ...mediaUrls];
