import { expect, test } from 'vitest';
import type { UserId } from '../users/user.ts';
import { findMessages } from './find-messages.ts';
import { parseSearch } from './parse-search.ts';
import type { SearchCursor } from './search-cursor.ts';
import type { SearchedMessage, SearchTable } from './search-table.ts';

const count = 5_000;
const ids = Array.from({ length: count }, (_, index) => index + 1);
const tail = { message: new Set<number>(), chat: new Set<number>(), isLong: false };

/** Every message has both words; one in so many has them side by side. Counts what is read. */
const messagesWhere = (oneIn: number) => {
  const reads: number[] = [];
  const table: Pick<SearchTable, 'newest' | 'older' | 'messages'> = {
    newest: async (_user, _kind, terms) => new Map(terms.map((term) => [term, { first: 0, ids: () => ids }])),
    older: async () => [],
    messages: async (_user, asked) => {
      reads.push(asked.length);
      return asked.map((id) => {
        const text = id % oneIn === 0 ? 'left right' : 'right left';
        return { id, text, activity: 'active' } as SearchedMessage;
      });
    },
  };
  const page = async (query: string, place: Extract<SearchCursor, { in: 'messages' }>) => {
    const find = { userId: 1 as UserId, asked: parseSearch(query), tail, place, limit: 20 };
    const { found, next } = await findMessages(table as SearchTable, find);
    return { found: found.map(({ message }) => Number(message.id)), next };
  };
  return { page, reads };
};
const top = { in: 'messages', newest: Number.MAX_SAFE_INTEGER, oldest: 0, last: null } as const;

test('a page reads about as many texts as will do', async () => {
  const everywhere = messagesWhere(1);
  expect((await everywhere.page('"left right"', top)).found).toHaveLength(20);
  expect(everywhere.reads).toEqual([32]);
  const sometimes = messagesWhere(10);
  expect((await sometimes.page('"left right"', top)).found).toHaveLength(20);
  expect(sometimes.reads.length).toBeLessThan(5);
  expect(sometimes.reads.reduce((all, some) => all + some)).toBeLessThan(300);
});

test('what misleads ends a page early, and the next ones find all there is', async () => {
  const { page, reads } = messagesWhere(700);
  const found: number[] = [];
  let pages = 0;
  for (let place: typeof top | Awaited<ReturnType<typeof page>>['next'] = top; place !== null;) {
    reads.length = 0;
    const given = await page('"left right"', place);
    expect(reads.reduce((all, some) => all + some, 0)).toBeLessThan(1_300);
    found.push(...given.found);
    place = given.next;
    pages += 1;
  }
  expect(found).toEqual(ids.filter((id) => id % 700 === 0).toReversed());
  expect(pages).toBeGreaterThan(3);
});
