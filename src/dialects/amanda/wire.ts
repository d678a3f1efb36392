import { Type } from 'typebox';
import type { Chat } from '../../core/chats/chat.ts';
import type { Message } from '../../core/messages/message.ts';
import type { User } from '../../core/users/user.ts';
import { naiveUtc } from '../kit/naive-utc.ts';

const NullableString = Type.Unsafe<string | null>({ type: ['string', 'null'] });
const Time = Type.String({
  description: 'UTC without a zone, to the second',
  examples: ['2024-01-15T10:30:00'],
});

export const UserBody = Type.Object({ id: Type.Integer(), email: NullableString });
export const ProfileBody = Type.Object({
  ...UserBody.properties,
  first_name: NullableString,
  created_at: Time,
});

export const ChatBody = Type.Object({
  id: Type.Integer(),
  user_id: Type.Integer(),
  title: Type.String(),
  created_at: Time,
  last_message_time: Time,
});

export const MessageBody = Type.Object({
  id: Type.Integer(),
  chat_id: Type.Integer(),
  role: Type.Enum(['user', 'assistant']),
  content: Type.String(),
  timestamp: Time,
});

/** What begins every answer that is about something done. */
export const Success = Type.Boolean({ examples: [true] });
export const SentenceBody = Type.Object({ success: Success, message: Type.String() });

export const toUser = (user: User) => ({ id: user.id, email: user.email });

export const toProfile = (user: User) => ({
  ...toUser(user),
  first_name: user.firstName,
  created_at: naiveUtc(user.createdAt),
});

/** When somebody last said something; while the chat is empty, when it was made. */
export const lastMessageAt = (chat: Chat): Date => chat.lastMessageAt ?? chat.createdAt;

export const toChat = (chat: Chat) => ({
  id: chat.id,
  user_id: chat.userId,
  title: chat.title,
  created_at: naiveUtc(chat.createdAt),
  last_message_time: naiveUtc(lastMessageAt(chat)),
});

export const toMessage = (message: Message) => ({
  id: message.id,
  chat_id: message.chatId,
  role: message.role,
  content: message.text,
  timestamp: naiveUtc(message.createdAt),
});
