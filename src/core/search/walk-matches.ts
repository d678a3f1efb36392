import { setImmediate as turn } from 'node:timers/promises';
import type { UserId } from '../users/user.ts';
import type { SearchKind, SearchTable } from './search-table.ts';
import { TermList } from './term-list.ts';

type Walk = { userId: UserId; kind: SearchKind; terms: readonly string[] };

/**
 * The ids that have all terms, from one downwards, newest first, as the index knows them. Terms leap over what the others lack, so that
 * a rare one makes a frequent one cheap.
 */
export async function* walkMatches(
  search: SearchTable,
  { userId, kind, terms }: Walk,
  from: number,
): AsyncGenerator<number, void, void> {
  const newest = await search.newest(userId, kind, terms);
  const lists: TermList[] = [];
  for (const term of terms) {
    const block = newest.get(term);
    if (!block) return;
    lists.push(new TermList(search, { userId, kind, term }, block));
  }
  lists.sort((a, b) => a.newestCount - b.newestCount);
  for (let target = from; ;) {
    const { id, spent } = meet(lists, target);
    target = id;
    if (!spent) {
      yield id;
      target -= 1;
    } else if (!spent.takeNext(id)) {
      if (!(await spent.readOn(id))) return;
      // SQLite answers at once: a long walk would hold up the process.
      await turn();
    }
  }
}

/**
 * The highest id, not over one, that all lists have. `spent`: the list that has to read on before more is known. Nothing waits in here:
 * two frequent words that never meet go round a million times.
 */
function meet(lists: readonly TermList[], from: number): { id: number; spent?: TermList } {
  let id = from;
  for (let agreeing = 0; agreeing < lists.length;) {
    agreeing = 0;
    for (const list of lists) {
      const has = list.known(id);
      if (has === 0) return { id, spent: list };
      agreeing = has === id ? agreeing + 1 : 1;
      id = has;
    }
  }
  return { id };
}
