import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import type { Tables } from '../store.ts';
import type { Chat, ChatKey } from './chat.ts';

/** The actor's chat. @throws DomainError `chat-not-found`, `chat-not-yours` (exists, but is another user's) */
export async function requireChat(tables: Tables, actor: Actor, key: ChatKey): Promise<Chat> {
  const chat = await tables.chats.find(actor.userId, key);
  if (chat) return chat;
  throw new DomainError(
    (await tables.chats.isForeign(actor.userId, key)) ? 'chat-not-yours' : 'chat-not-found',
  );
}
