import type { SearchKind, TermBlock, TermChange, TermPlace } from '../../core/search/search-table.ts';
import type { UserId } from '../../core/users/user.ts';
import type { Connection, Reading } from '../engines/engine.ts';
import { decodeIds, encodeIds, endOfIds } from './id-list.ts';
import { kindCodes, type SearchQueries } from './search-queries.ts';

/** A block that has more ids is divided; what the newest block is too long by, it closes in pieces of half as many. */
const mostIds = 1_024;
const half = mostIds / 2;

type Row = { first_id: number; ids: string };
type Place = { user_id: number; kind: number; term: string };
type IdChange = { add: readonly number[]; remove: readonly number[] };

export const toBlock = ({ first_id, ids }: Row): TermBlock => ({
  first: first_id,
  ids: () => decodeIds(ids),
});
export const placeOf = ({ userId, kind, term }: TermPlace): Place => ({
  user_id: userId,
  kind: kindCodes[kind],
  term,
});

/** The newest block of each term that has any. */
export async function readNewest(
  access: Reading,
  queries: SearchQueries,
  places: readonly Place[],
): Promise<Map<string, Row>> {
  const found = new Map<string, Row>();
  for (const { query, items } of queries.newest.pieces(places))
    for (const row of await access.all(query, items)) found.set(row.term, row);
  return found;
}

/**
 * Changes the ids of terms of one kind. New ids are mostly the highest, and go to the newest block, which is read and written for many
 * terms at once; it is there wherever a term has older ones.
 */
export async function changeBlocks(
  connection: Connection,
  queries: SearchQueries,
  { userId, kind, changes }: { userId: UserId; kind: SearchKind; changes: readonly TermChange[] },
): Promise<void> {
  const places = changes.map(({ term }) => placeOf({ userId, kind, term }));
  const newest = await readNewest(connection, queries, places);
  const written: (Place & Row)[] = [];
  const emptied: (Place & Row)[] = [];
  for (const [index, change] of changes.entries()) {
    const place = places[index];
    if (!place) continue;
    const row = newest.get(place.term);
    const appended = row && appendIds(row.ids, change);
    if (appended !== undefined) {
      written.push({ ...place, first_id: 0, ids: appended });
      continue;
    }
    const ids = row ? decodeIds(row.ids) : [];
    const lowest = ids[0] ?? (row ? Number.MAX_SAFE_INTEGER : 0);
    const isOld = (id: number) => id < lowest;
    const old = { add: change.add.filter(isOld), remove: change.remove.filter(isOld) };
    const blocks = new OlderBlocks(connection, queries, place);
    const left = await blocks.change(old, lowest);
    const young = change.add.filter((id) => !isOld(id));
    const remove = change.remove.filter((id) => !isOld(id));
    let next = merge(ids, { add: [...left, ...young], remove });
    for (; next.length > mostIds; next = next.slice(half)) {
      const closed = next.slice(0, half);
      written.push({ ...place, first_id: closed[0] ?? 0, ids: encodeIds(closed) });
    }
    const text = encodeIds(next);
    // Without ids it still says that there are older blocks.
    const stays = next.length > 0 || (row !== undefined && (await blocks.areThere()));
    const block = { ...place, first_id: 0, ids: text };
    if (!stays) emptied.push(...(row ? [block] : []));
    else if (text !== row?.ids) written.push(block);
  }
  // A server is sent them one behind the other, without waiting for each.
  await Promise.all(emptied.map(async (block) => connection.run(queries.removeBlock, block)));
  for (const { query, items } of queries.writeBlocks.pieces(written)) await connection.run(query, items);
}

/** What most changes are: ids over all that a block has, which need not be looked at. Undefined where it takes more than that. */
function appendIds(ids: string, { add, remove }: IdChange): string | undefined {
  const first = add[0];
  if (first === undefined || remove.length > 0) return undefined;
  const { count, last } = endOfIds(ids);
  // A block without ids does not say which are younger than its older ones.
  const isPlain = count > 0 && first > last && count + add.length <= mostIds;
  return isPlain ? ids + encodeIds(add, last) : undefined;
}

/** Both ascending; what is there already is not there twice. */
function merge(ids: readonly number[], { add, remove }: IdChange): number[] {
  if (remove.length === 0 && (add[0] ?? Infinity) > (ids.at(-1) ?? 0)) return [...ids, ...add];
  const gone = new Set(remove);
  return [...new Set([...ids, ...add])].filter((id) => !gone.has(id)).toSorted((a, b) => a - b);
}

/** The blocks of a term but the newest. */
class OlderBlocks {
  readonly #connection: Connection;
  readonly #queries: SearchQueries;
  readonly #place: Place;

  constructor(connection: Connection, queries: SearchQueries, place: Place) {
    this.#connection = connection;
    this.#queries = queries;
    this.#place = place;
  }

  async areThere(): Promise<boolean> {
    return (await this.#after(0)) !== undefined;
  }

  /** Changes ids that are all under one, block by block. Gives what belongs to the newest block, because there is no other. */
  async change(change: IdChange, end: number): Promise<readonly number[]> {
    let { add, remove } = change;
    for (;;) {
      const lowest = Math.min(add[0] ?? end, remove[0] ?? end);
      if (lowest >= end) return [];
      const [block] = await this.#connection.all(this.#queries.older, {
        ...this.#place,
        up_to: lowest,
        limit: 1,
      });
      const next = await this.#after(block?.first_id ?? 0);
      if (!block && !next) return add;
      const bound = next?.first_id ?? end;
      const isHere = (id: number) => id < bound;
      await this.#write(block, { add: add.filter(isHere), remove: remove.filter(isHere) });
      add = add.filter((id) => !isHere(id));
      remove = remove.filter((id) => !isHere(id));
    }
  }

  async #write(block: Row | undefined, change: IdChange): Promise<void> {
    const before = block ? decodeIds(block.ids) : [];
    const ids = merge(before, change);
    if (ids.length === before.length && ids.every((id, index) => id === before[index])) return;
    if (block && ids.length === 0)
      await this.#connection.run(this.#queries.removeBlock, { ...this.#place, first_id: block.first_id });
    for (let from = 0; from < ids.length; from += half) {
      const isLast = ids.length - from <= mostIds;
      const some = ids.slice(from, isLast ? undefined : from + half);
      const first = from === 0 && block ? block.first_id : (some[0] ?? 0);
      const rows = [{ ...this.#place, first_id: first, ids: encodeIds(some) }];
      for (const { query, items } of this.#queries.writeBlocks.pieces(rows))
        await this.#connection.run(query, items);
      if (isLast) return;
    }
  }

  #after(first: number) {
    return this.#connection.one(this.#queries.younger, { ...this.#place, after: first });
  }
}
