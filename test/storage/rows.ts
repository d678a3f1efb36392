import { randomUUID } from 'node:crypto';
import type { Chat, ChatUuid } from '../../src/core/chats/chat.ts';
import type { Change } from '../../src/core/events.ts';
import type { Message, MessageUuid } from '../../src/core/messages/message.ts';
import type { NewMessage, NewUser, Tables } from '../../src/core/store.ts';
import type { NodeId, Reply, ReplyUuid } from '../../src/core/replies/reply.ts';
import type { Session, SessionUuid } from '../../src/core/sessions/session.ts';
import type { User, UserUuid } from '../../src/core/users/user.ts';

export const noon = new Date('2026-03-01T12:00:00.123Z');
export const minutes = (count: number): Date => new Date(noon.getTime() + count * 60_000);

export const node = 'node-1' as NodeId;
export const claim = { nodeId: node, provider: 'basic', model: 'basic-1', startedAt: noon };

export const addUser = (tables: Tables, user: Partial<NewUser> = {}): Promise<User> => {
  const uuid = randomUUID() as UserUuid;
  return tables.users.insert({
    uuid,
    username: uuid,
    usernameKey: uuid,
    email: null,
    emailKey: null,
    firstName: null,
    passwordHash: 'hash',
    role: 'user',
    at: noon,
    ...user,
  });
};

export const addSession = (tables: Tables, user: User, expiresAt = minutes(60)): Promise<Session> =>
  tables.sessions.insert({
    uuid: randomUUID() as SessionUuid,
    userId: user.id,
    kind: 'cookie',
    secretHash: randomUUID(),
    at: noon,
    lifetimeMs: expiresAt.getTime() - minutes(0).getTime(),
  });

export const addChat = (tables: Tables, user: User, at = noon): Promise<Chat> =>
  tables.chats.insert({
    uuid: randomUUID() as ChatUuid,
    userId: user.id,
    title: 'New Chat',
    titled: false,
    at,
  });

export const addMessage = (tables: Tables, chat: Chat, message: Partial<NewMessage> = {}): Promise<Message> =>
  tables.messages.insert({
    uuid: randomUUID() as MessageUuid,
    chatId: chat.id,
    chatUuid: chat.uuid,
    userId: chat.userId,
    parentId: null,
    role: 'user',
    state: 'complete',
    text: 'hello',
    imageUrl: null,
    at: noon,
    ...message,
  });

/** A question, the message that will answer it, and the reply that writes that one, or waits. */
export const addReply = async (
  tables: Tables,
  chat: Chat,
  state: 'waiting' | 'writing' = 'writing',
): Promise<{ question: Message; answer: Message; reply: Reply }> => {
  const question = await addMessage(tables, chat);
  const answer = await addMessage(tables, chat, {
    parentId: question.id,
    role: 'assistant',
    state: 'writing',
    text: '',
  });
  const reply = await tables.replies.insert({
    uuid: randomUUID() as ReplyUuid,
    chatId: chat.id,
    chatUuid: chat.uuid,
    userId: chat.userId,
    answersId: question.id,
    answersUuid: question.uuid,
    messageId: answer.id,
    claim: state === 'writing' ? claim : null,
    reservedTokens: null,
    at: noon,
  });
  return { question, answer, reply };
};

/** How the core ends a reply that was written by `node`. */
export const complete = {
  nodeId: node,
  outcome: 'complete',
  errorCode: null,
  keepsMessage: true,
  provider: 'basic',
  model: 'basic-1',
  usage: { promptTokens: 3, completionTokens: 5, estimated: false },
  firstTextAt: new Date(noon.getTime() + 400),
  at: minutes(1),
} as const;

/** Gives changes the next places in a user's feed. */
export const addChanges = async (tables: Tables, user: User, changes: readonly Change[]): Promise<void> => {
  const position = await tables.feed.lock(user.id);
  await tables.feed.append(
    user.id,
    changes.map((change, index) => ({
      userId: user.id,
      position: position + index + 1,
      at: noon,
      change,
    })),
  );
};
