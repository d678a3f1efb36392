import { Type } from 'typebox';
import type { Chat } from '../../core/chats/chat.ts';
import type { Message } from '../../core/messages/message.ts';
import type { User } from '../../core/users/user.ts';
import { naiveUtc } from '../kit/naive-utc.ts';

export const UserBody = Type.Object({
  id: Type.Integer(),
  user_id: Type.Integer({ description: 'The same as id' }),
  username: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    description: 'Null for users who signed up elsewhere with an email alone',
  }),
});

export const MessageBody = Type.Object({
  id: Type.Integer(),
  sender: Type.Enum(['user', 'bot']),
  text: Type.String(),
  created_at: Type.String({
    description: 'UTC without a zone, to the second',
    examples: ['2024-01-15T10:30:00'],
  }),
});

export const ConversationBody = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  messages: Type.Array(MessageBody, { description: 'Oldest first' }),
});

/** The answer of whatever only says that it was done. */
export const SentenceBody = Type.Object({ message: Type.String() });

export const toUser = ({ id, username }: User) => ({ id, user_id: id, username });

export const toMessage = (message: Message) => ({
  id: message.id,
  sender: message.role === 'user' ? ('user' as const) : ('bot' as const),
  text: message.text,
  created_at: naiveUtc(message.createdAt),
});

export const toConversation = (chat: Chat, messages: readonly Message[]) => ({
  id: chat.id,
  name: chat.title,
  messages: messages.map(toMessage),
});
