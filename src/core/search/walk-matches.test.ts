import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { UserId } from '../users/user.ts';
import type { SearchTable, TermBlock } from './search-table.ts';
import { walkMatches } from './walk-matches.ts';

/** An index in memory, in blocks of so many ids, that counts what is read of it. */
const indexOf = (terms: Record<string, readonly number[]>, blockLength: number) => {
  const read = { times: 0, blocks: 0 };
  const blocksOf = (term: string): TermBlock[] => {
    const ids = terms[term] ?? [];
    const count = Math.max(1, Math.ceil(ids.length / blockLength));
    return Array.from({ length: ids.length === 0 ? 0 : count }, (_, number) => {
      const some = ids.slice(number * blockLength, (number + 1) * blockLength);
      return { first: number === count - 1 ? 0 : (some[0] ?? 0), ids: () => some };
    });
  };
  const table: Pick<SearchTable, 'newest' | 'older'> = {
    newest: async (_user, _kind, asked) =>
      new Map(
        asked.flatMap((term) =>
          blocksOf(term)
            .slice(-1)
            .map((block) => [term, block]),
        ),
      ),
    older: async ({ term }, { upTo, limit }) => {
      const blocks = blocksOf(term).filter(({ first }) => first > 0 && first <= upTo);
      const given = blocks.toReversed().slice(0, limit);
      read.times += 1;
      read.blocks += given.length;
      return given;
    },
  };
  const walk = async (from: number): Promise<number[]> => {
    const ids: number[] = [];
    const asked = { userId: 1 as UserId, kind: 'message', terms: Object.keys(terms) } as const;
    for await (const id of walkMatches(table as SearchTable, asked, from)) ids.push(id);
    return ids;
  };
  return { walk, read };
};

const upTo = (last: number, step = 1, first = 1) =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);

test('gives what all terms have, downwards', async () => {
  const ids = fc
    .uniqueArray(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 250 })
    .map((some) => some.toSorted((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(
      fc.array(ids, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 0, max: 320 }),
      async (lists, blockLength, from) => {
        const terms = Object.fromEntries(lists.map((list, index) => [`t${index}`, list]));
        const expected = lists.reduce((all, list) => all.filter((id) => list.includes(id)));
        const found = await indexOf(terms, blockLength).walk(from);
        expect(found).toEqual(expected.filter((id) => id <= from).toReversed());
      },
    ),
  );
});

test('reads more and more at once where two frequent words never meet', async () => {
  const { walk, read } = indexOf({ even: upTo(40_000, 2, 2), odd: upTo(40_000, 2, 1) }, 20);
  expect(await walk(1e9)).toEqual([]);
  expect(read.blocks).toBeGreaterThan(1_990);
  expect(read.times).toBeLessThan(20);
});

test('reads little at once where a rare word leaps over most of a frequent one', async () => {
  const { walk, read } = indexOf({ rare: upTo(40_000, 4_000, 7), frequent: upTo(40_000) }, 20);
  expect(await walk(1e9)).toEqual(upTo(40_000, 4_000, 7).toReversed());
  expect(read.blocks).toBeLessThan(60);
});
