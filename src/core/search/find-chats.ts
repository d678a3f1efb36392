import type { UserId } from '../users/user.ts';
import { type Match, matchText } from './match-text.ts';
import type { Asked } from './parse-search.ts';
import type { SearchTail } from './read-tail.ts';
import type { SearchedChat, SearchTable } from './search-table.ts';
import { walkSubjects } from './walk-subjects.ts';

export type FoundChat = { chat: SearchedChat; match: Match };
type Find = { userId: UserId; asked: Asked; tail: SearchTail; before: number; limit: number };

/** A page's candidates: what misleads has an end. */
const mostCandidates = 2_000;
const batch = () => 64;

/** The chats whose title has all that is asked for, the newest first. `next`: what the next page comes before; null: there is none. */
export async function findChats(
  search: SearchTable,
  { userId, asked, tail, before, limit }: Find,
): Promise<{ found: FoundChat[]; next: number | null }> {
  const found: FoundChat[] = [];
  let looked = 0;
  const walk = { userId, kind: 'chat', asked, tail } as const;
  for await (const ids of walkSubjects(search, walk, { from: before - 1, to: 0, batch })) {
    const chats = new Map((await search.chats(userId, ids)).map((chat) => [Number(chat.id), chat]));
    for (const id of ids) {
      // Known only now that there is more.
      if (found.length === limit || looked === mostCandidates) return { found, next: id + 1 };
      looked += 1;
      const chat = chats.get(id);
      const match = chat?.titled === true ? matchText(chat.title, asked) : undefined;
      if (chat && match) found.push({ chat, match });
    }
  }
  return { found, next: null };
}
