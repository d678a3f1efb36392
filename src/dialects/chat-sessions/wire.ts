import { Type } from 'typebox';
import type { Chat } from '../../core/chats/chat.ts';
import type { TokenPair } from '../../core/core.ts';
import type { Message } from '../../core/messages/message.ts';
import type { User } from '../../core/users/user.ts';
import { naiveUtc } from '../kit/naive-utc.ts';

const NullableString = Type.Unsafe<string | null>({ type: ['string', 'null'] });
const Time = Type.String({
  description: 'UTC without a zone, to the second',
  examples: ['2024-01-15T10:30:00'],
});

export const SentenceBody = Type.Object({ message: Type.String() });

export const UserBody = Type.Object({
  id: Type.String({ description: 'A UUID' }),
  username: NullableString,
  email: NullableString,
  created_at: Time,
  updated_at: Time,
  is_active: Type.Boolean(),
  is_verified: Type.Boolean(),
});
export const ProfileBody = Type.Object({ ...UserBody.properties, session_count: Type.Integer() });

export const TokensBody = Type.Object({
  access_token: Type.String(),
  refresh_token: Type.String(),
  token_type: Type.Enum(['bearer']),
});

export const SessionBody = Type.Object({
  id: Type.Integer(),
  title: Type.String(),
  user_id: Type.String({ description: 'A UUID' }),
  created_at: Time,
  updated_at: Time,
  is_active: Type.Boolean(),
  message_count: Type.Integer(),
});

export const MessageBody = Type.Object({
  id: Type.Integer(),
  text: Type.String(),
  sender: Type.Enum(['user', 'ai']),
  session_id: Type.Integer(),
  created_at: Time,
  updated_at: Time,
  is_deleted: Type.Boolean(),
  timestamp: Time,
});
export const SessionWithMessagesBody = Type.Object({
  ...SessionBody.properties,
  messages: Type.Array(MessageBody),
});

export const toUser = (user: User) => ({
  id: user.uuid,
  username: user.username,
  email: user.email,
  created_at: naiveUtc(user.createdAt),
  updated_at: naiveUtc(user.updatedAt),
  is_active: user.disabledAt === null,
  // There is no mail to verify an address with: nobody is.
  is_verified: false,
});

export const toTokens = ({ accessToken, refreshToken }: TokenPair) => ({
  access_token: accessToken,
  refresh_token: refreshToken,
  token_type: 'bearer' as const,
});

export const toSession = (chat: Chat, owner: Pick<User, 'uuid'>) => ({
  id: chat.id,
  title: chat.title,
  user_id: owner.uuid,
  created_at: naiveUtc(chat.createdAt),
  updated_at: naiveUtc(chat.updatedAt),
  is_active: true,
  message_count: chat.messageCount,
});

export const toMessage = (message: Message) => {
  const created_at = naiveUtc(message.createdAt);
  return {
    id: message.id,
    text: message.text,
    sender: message.role === 'user' ? ('user' as const) : ('ai' as const),
    session_id: message.chatId,
    created_at,
    updated_at: naiveUtc(message.updatedAt),
    is_deleted: false,
    timestamp: created_at,
  };
};
