import type { UserId } from '../users/user.ts';
import type { Asked } from './parse-search.ts';
import type { SearchTail } from './read-tail.ts';
import type { SearchKind, SearchTable } from './search-table.ts';
import { walkMatches } from './walk-matches.ts';

type Walk = { userId: UserId; kind: SearchKind; asked: Asked; tail: SearchTail };

/** So many terms are walked; what else is asked for, the texts are asked. */
const mostTerms = 32;

/** Ids that may match, newest first, in batches as long as is asked for: those that the index knows, and those that it does not know yet. */
export async function* walkSubjects(
  search: SearchTable,
  { userId, kind, asked, tail }: Walk,
  { from, to, batch }: { from: number; to: number; batch: () => number },
): AsyncGenerator<number[], void, void> {
  const terms = asked.terms.toSorted((a, b) => b.length - a.length).slice(0, mostTerms);
  const young = tail[kind];
  // Descending, as the walk is: the last one is taken next.
  const waiting = [...young].filter((id) => id <= from).toSorted((a, b) => a - b);
  let ids: number[] = [];
  const isFull = (id: number) => ids.push(id) >= batch();
  const give = () => {
    const given = ids;
    ids = [];
    return given;
  };
  for await (const id of walkMatches(search, { userId, kind, terms }, from)) {
    for (let next = waiting.at(-1); next !== undefined && next > id && next >= to; next = waiting.at(-1))
      if (isFull(waiting.pop() ?? 0)) yield give();
    if (id < to) break;
    if (!young.has(id) && isFull(id)) yield give();
  }
  for (let next = waiting.pop(); next !== undefined && next >= to; next = waiting.pop())
    if (isFull(next)) yield give();
  if (ids.length > 0) yield ids;
}
