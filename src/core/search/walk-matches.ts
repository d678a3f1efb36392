import { setImmediate as turn } from 'node:timers/promises';
import type { UserId } from '../users/user.ts';
import type { SearchKind, SearchTable, TermBlock, TermPlace } from './search-table.ts';

/** So many blocks are read at once, at most. */
const mostBlocks = 32;
/** After so many reads others get their turn: SQLite answers at once, and a long walk would hold up the process. */
const readsATurn = 2;

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
  let target = from;
  for (;;) {
    const agreed = await agreeOn(lists, target);
    if (agreed === undefined) return;
    yield agreed;
    target = agreed - 1;
  }
}

/** The highest id, not over one, that all lists have. */
async function agreeOn(lists: readonly TermList[], from: number): Promise<number | undefined> {
  let target = from;
  for (let agreeing = 0; agreeing < lists.length;) {
    agreeing = 0;
    for (const list of lists) {
      const id = list.known(target) ?? (await list.seek(target));
      if (id === undefined) return undefined;
      if (id < target) {
        target = id;
        agreeing = 0;
      }
      agreeing += 1;
    }
  }
  return target;
}

/** The ids of one term, walked downwards. */
class TermList {
  readonly newestCount: number;
  readonly #search: SearchTable;
  readonly #place: TermPlace;
  #ids: number[];
  /** Of the ids, so many are left. */
  #left: number;
  /** Blocks that were read and not looked into, newest first. */
  #blocks: TermBlock[] = [];
  /** Everything from here on was read. */
  #read = Number.MAX_SAFE_INTEGER;
  #page = 1;
  #reads = 0;

  constructor(search: SearchTable, place: TermPlace, newest: TermBlock) {
    this.#search = search;
    this.#place = place;
    this.#ids = newest.ids();
    this.#left = this.#ids.length;
    this.newestCount = this.#left;
  }

  /** The highest id not over one, where it is in the block at hand. */
  known(target: number): number | undefined {
    const ids = this.#ids;
    // Steps that double: what is looked for is near, mostly, and may be far.
    let high = this.#left;
    let step = 1;
    while (high > 0 && (ids[high - 1] ?? 0) > target) {
      high = Math.max(0, high - step);
      step *= 2;
    }
    let low = high;
    for (high = Math.min(this.#left, high + step); low < high;) {
      const middle = (low + high) >>> 1;
      if ((ids[middle] ?? 0) <= target) low = middle + 1;
      else high = middle;
    }
    this.#left = low;
    return ids[low - 1];
  }

  async seek(target: number): Promise<number | undefined> {
    for (;;) {
      const here = this.known(target);
      if (here !== undefined) return here;
      while ((this.#blocks[0]?.first ?? 0) > target) this.#blocks.shift();
      const block = this.#blocks.shift() ?? (await this.#readOn(target));
      if (!block) return undefined;
      this.#ids = block.ids();
      this.#left = this.#ids.length;
    }
  }

  async #readOn(target: number): Promise<TermBlock | undefined> {
    const upTo = Math.min(target, this.#read - 1);
    this.#blocks = await this.#search.older(this.#place, { upTo, limit: this.#page });
    this.#page = Math.min(mostBlocks, this.#page * 4);
    this.#read = this.#blocks.at(-1)?.first ?? 0;
    this.#reads += 1;
    if (this.#reads % readsATurn === 0) await turn();
    return this.#blocks.shift();
  }
}
