import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import type { Tables } from '../store.ts';
import type { Message, MessageKey } from './message.ts';

/** The actor's message; one that waits for its first word is there too. @throws DomainError `message-not-found` */
export async function findMessage(tables: Tables, actor: Actor, key: MessageKey): Promise<Message> {
  const message = await tables.messages.find(actor.userId, key);
  if (!message) throw new DomainError('message-not-found');
  return message;
}
