import type { Chat, ChatId, ChatKey } from '../../core/chats/chat.ts';
import type { Core } from '../../core/core.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Actor } from '../../core/ports.ts';

const pageSize = 100;

/** All chats of a user, newest change first: for dialects that have no pages. */
export async function readAllChats(core: Core, actor: Actor): Promise<Chat[]> {
  const first = await core.chats.list(actor, { after: null, limit: pageSize });
  if (first.length < pageSize) return first;

  const found = new Map<ChatId, Chat>(first.map((chat) => [chat.id, chat]));
  for (let page = first; page.length === pageSize;) {
    const last = page.at(-1);
    if (last === undefined) break;
    page = await core.chats.list(actor, { after: { at: last.updatedAt, id: last.id }, limit: pageSize });
    for (const chat of page) found.set(chat.id, chat);
  }
  // A chat that changed meanwhile moved to the front, past the reader.
  for (const chat of await core.chats.list(actor, { after: null, limit: pageSize })) found.set(chat.id, chat);
  return [...found.values()].toSorted(
    (one, other) => other.updatedAt.getTime() - one.updatedAt.getTime() || other.id - one.id,
  );
}

/** All finished messages of a chat, ascending: an answer that is being written comes with its end. @throws DomainError `chat-not-found`, `chat-not-yours` */
export async function readAllMessages(core: Core, actor: Actor, chat: ChatKey): Promise<Message[]> {
  const all = await core.messages.listFinished(actor, chat, { limit: pageSize });
  for (let page = all; page.length === pageSize;) {
    const last = page.at(-1);
    if (last === undefined) break;
    page = await core.messages.listFinished(actor, chat, { after: last.id, limit: pageSize });
    all.push(...page);
  }
  return all;
}
