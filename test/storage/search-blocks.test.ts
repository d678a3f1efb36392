import fc from 'fast-check';
import { expect, test } from 'vitest';
import { walkMatches } from '../../src/core/search/walk-matches.ts';
import { describeEachEngine } from './each-engine.ts';
import { addUser } from './rows.ts';

const most = 6_000;
/** Ids from one to another, each so many apart: thousands of them fill several blocks. */
const range = fc
  .tuple(
    fc.integer({ min: 1, max: most }),
    fc.integer({ min: 1, max: most }),
    fc.integer({ min: 1, max: 400 }),
  )
  .map(([one, other, step]) => {
    const [from, to] = [Math.min(one, other), Math.max(one, other)];
    return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
  });
const dense = range.map((ids) => {
  const from = ids[0] ?? 1;
  return Array.from({ length: Math.min(2_500, most - from + 1) }, (_, index) => from + index);
});
const ids = fc.oneof(fc.constant<number[]>([]), range, dense);
const changes = fc.array(fc.record({ add: ids, remove: ids }), { maxLength: 8 });
const between = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
/** From the newest on, until nothing is left. */
const emptied = [
  { add: between(1, 2_500), remove: [] },
  { add: [], remove: between(1_000, 2_500) },
  { add: [], remove: between(1, 1_200) },
];

describeEachEngine('blocks of ids', (fresh) => {
  test('hold what was added and not removed, in whatever order, and are walked downwards', async () => {
    await fc.assert(
      fc.asyncProperty(changes, changes, async (ofOne, ofTwo) => {
        const { id: userId } = await addUser(fresh.store);
        const { search } = fresh.store;
        const sets = { one: new Set<number>(), two: new Set<number>() };
        for (const [term, some] of [
          ['one', ofOne],
          ['two', ofTwo],
        ] as const)
          for (const { add, remove } of some) {
            // What is added is not removed in the same change.
            const gone = remove.filter((id) => !add.includes(id));
            await search.apply(userId, [{ kind: 'message', term, add, remove: gone }]);
            for (const id of add) sets[term].add(id);
            for (const id of gone) sets[term].delete(id);
          }
        const walked = async (terms: string[], from: number) => {
          const found: number[] = [];
          for await (const id of walkMatches(search, { userId, kind: 'message', terms }, from))
            found.push(id);
          return found;
        };
        const descending = (set: Set<number>, from = most) =>
          [...set].filter((id) => id <= from).toSorted((a, b) => b - a);
        expect(await walked(['one'], most)).toEqual(descending(sets.one));
        expect(await walked(['two'], 2_000)).toEqual(descending(sets.two, 2_000));
        const both = new Set([...sets.one].filter((id) => sets.two.has(id)));
        expect(await walked(['one', 'two'], most)).toEqual(descending(both));
        for (const term of ['one', 'two'] as const) {
          if (sets[term].size > 0) continue;
          // Where nothing is left there is no row.
          expect((await search.newest(userId, 'message', [term])).size).toBe(0);
        }
      }),
      { numRuns: 12, endOnFailure: true, examples: [[emptied, [...emptied, ...emptied.slice(0, 2)]]] },
    );
  });
});
