import type { Chat } from '../chats/chat.ts';
import type { MessageRole, MessageUuid } from '../messages/message.ts';
import type { Actor } from '../ports.ts';
import type { Store } from '../store.ts';
import type { UserId } from '../users/user.ts';
import { cutSnippet, type Snippet } from './cut-snippet.ts';
import { findChats } from './find-chats.ts';
import { findMessages } from './find-messages.ts';
import { parseSearch } from './parse-search.ts';
import { readTail } from './read-tail.ts';
import type { SearchCursor } from './search-cursor.ts';

/** What was found: a chat by its title, or a message. */
export type SearchHit = {
  chat: Pick<Chat, 'uuid' | 'title'>;
  message: { uuid: MessageUuid; role: MessageRole } | null;
  createdAt: Date;
  snippet: Snippet;
};
export type SearchInput = { text: string; after: SearchCursor | null; limit: number };
export type SearchPage = { hits: SearchHit[]; next: SearchCursor | null };

type Deps = { store: Store; indexer: { wake(userId: UserId): void } };

/**
 * What the actor has said and was told with all the words: titles first, then messages, where the words stand side by side before where
 * they do not, then the newest. @throws DomainError as `parseSearch`
 */
export async function search(
  { store: { search: index }, indexer }: Deps,
  { userId }: Actor,
  { text, after, limit }: SearchInput,
): Promise<SearchPage> {
  const asked = parseSearch(text);
  const tail = await readTail(index, userId, await index.mark(userId));
  if (tail.isLong) indexer.wake(userId);
  const hits: SearchHit[] = [];

  if (after === null || after.in === 'chats') {
    const before = after?.before ?? Number.MAX_SAFE_INTEGER;
    const { found, next } = await findChats(index, { userId, asked, tail, before, limit });
    for (const { chat, match } of found)
      hits.push({
        chat,
        message: null,
        createdAt: chat.createdAt,
        snippet: cutSnippet(chat.title, match.hits),
      });
    if (next !== null) return { hits, next: { in: 'chats', before: next } };
  }
  const place =
    after?.in === 'messages'
      ? after
      : ({ in: 'messages', newest: Number.MAX_SAFE_INTEGER, oldest: 0, last: null } as const);
  if (hits.length === limit) return { hits, next: place };
  const { found, next } = await findMessages(index, {
    userId,
    asked,
    tail,
    place,
    limit: limit - hits.length,
  });
  const chats = new Map(
    (await index.chats(userId, [...new Set(found.map(({ message }) => message.chatId))])).map((chat) => [
      chat.id,
      chat,
    ]),
  );
  for (const { message, match } of found) {
    const chat = chats.get(message.chatId);
    // A chat that went meanwhile took its messages along.
    if (!chat) continue;
    const { uuid, role, createdAt } = message;
    hits.push({ chat, message: { uuid, role }, createdAt, snippet: cutSnippet(message.text, match.hits) });
  }
  return { hits, next };
}
