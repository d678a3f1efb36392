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

export const UserBody = Type.Object({
  id: Type.Integer(),
  username: NullableString,
  email: NullableString,
  created_at: Time,
});

export const MessageBody = Type.Object({
  id: Type.Integer(),
  chat_id: Type.Integer(),
  user_id: Type.Integer(),
  text: Type.String(),
  sender: Type.Enum(['user', 'bot']),
  who: Type.Enum(['user', 'bot'], { description: 'The same as sender' }),
  image_url: NullableString,
  image: NullableString,
  created_at: Time,
  time: Time,
});

export const ChatBody = Type.Object({
  id: Type.Integer(),
  user_id: Type.Integer(),
  title: Type.String(),
  created_at: Time,
  updated_at: Time,
  message_count: Type.Integer(),
});
export const ChatWithMessagesBody = Type.Object({
  ...ChatBody.properties,
  messages: Type.Array(MessageBody),
});

/** The answer of whatever only says that it was done. */
export const SentenceBody = Type.Object({ message: Type.String() });

export const toUser = (user: User) => ({
  id: user.id,
  username: user.username,
  email: user.email,
  created_at: naiveUtc(user.createdAt),
});

export const toMessage = (message: Message) => {
  const sender = message.role === 'user' ? ('user' as const) : ('bot' as const);
  const created_at = naiveUtc(message.createdAt);
  return {
    id: message.id,
    chat_id: message.chatId,
    user_id: message.userId,
    text: message.text,
    sender,
    who: sender,
    image_url: message.imageUrl,
    image: message.imageUrl,
    created_at,
    time: created_at,
  };
};

export const toChat = (chat: Chat) => ({
  id: chat.id,
  user_id: chat.userId,
  title: chat.title,
  created_at: naiveUtc(chat.createdAt),
  updated_at: naiveUtc(chat.updatedAt),
  message_count: chat.messageCount,
});

export const toChatWithMessages = (chat: Chat, messages: readonly Message[]) => ({
  ...toChat(chat),
  messages: messages.map(toMessage),
});
