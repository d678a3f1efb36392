import type { Chat, ChatId, ChatKey } from '../../core/chats/chat.ts';
import type { Core } from '../../core/core.ts';
import type { Message, MessageId } from '../../core/messages/message.ts';
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

/** Of all messages in an answer together, in UTF-16 code units: no page shows more, and a chat may hold more than there is memory. */
const mostTogether = 64 * 1024 * 1024;

/**
 * All finished messages of a chat, ascending: an answer that is being written comes with its end. Of more than 64 Mi characters the newest.
 * @throws DomainError `chat-not-found`, `chat-not-yours`
 */
export async function readAllMessages(
  core: { messages: Pick<Core['messages'], 'listFinished'> },
  actor: Actor,
  chat: ChatKey,
): Promise<Message[]> {
  const all: Message[] = [];
  let together = 0;
  for (let after: MessageId | undefined, isMore = true; isMore;) {
    const page = await core.messages.listFinished(actor, chat, {
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    });
    all.push(...page);
    for (const message of page) together += lengthOf(message);
    let first = 0;
    for (; together > mostTogether && first < all.length - 1; first += 1) together -= lengthOf(all[first]);
    all.splice(0, first);
    after = page.at(-1)?.id;
    isMore = page.length === pageSize;
  }
  return all;
}

const lengthOf = (message: Message | undefined): number =>
  message === undefined ? 0 : message.text.length + (message.imageUrl?.length ?? 0);
