import type { SearchTable, TermBlock, TermPlace } from './search-table.ts';

/** So many blocks are read at once, at most: what is decoded of them, before others get their turn, takes a millisecond or two. */
const mostBlocks = 256;
/** What was used up of a page says how many blocks the next one has: who walks reads more and more, who leaps does not. */
const growth = 4;

/** The ids of one term, walked downwards. */
export class TermList {
  readonly newestCount: number;
  readonly #search: SearchTable;
  readonly #place: TermPlace;
  #ids: readonly number[];
  /** Of the ids, so many are left. */
  #left: number;
  /** Blocks that were read, newest first. */
  #blocks: readonly TermBlock[] = [];
  /** The next of them. */
  #next = 0;
  /** So many of them were looked into. */
  #used = 1;
  /** Everything from here on was read. */
  #read = Number.MAX_SAFE_INTEGER;

  constructor(search: SearchTable, place: TermPlace, newest: TermBlock) {
    this.#search = search;
    this.#place = place;
    this.#ids = newest.ids();
    this.#left = this.#ids.length;
    this.newestCount = this.#left;
  }

  /** The highest id not over one, where it is in the block at hand; else 0, which is no id. */
  known(target: number): number {
    const ids = this.#ids;
    let at = this.#left - 1;
    // Steps that double, and begin anew where one went too far: what is looked for is near, mostly, and may be far.
    for (let step = 1; at >= 0 && (ids[at] ?? 0) > target;) {
      const next = at - step;
      if (step === 1 || (next >= 0 && (ids[next] ?? 0) > target)) {
        at = next;
        step *= 2;
      } else step = 1;
    }
    this.#left = at + 1;
    return at < 0 ? 0 : (ids[at] ?? 0);
  }

  /** Takes the block where a target may be, of those that were read; false where there is none. */
  takeNext(target: number): boolean {
    while ((this.#blocks[this.#next]?.first ?? 0) > target) this.#next += 1;
    const block = this.#blocks[this.#next];
    if (!block) return false;
    this.#next += 1;
    this.#used += 1;
    this.#ids = block.ids();
    this.#left = this.#ids.length;
    return true;
  }

  /** Reads the block where a target may be, and others for later; false where the term has no more. */
  async readOn(target: number): Promise<boolean> {
    const limit = Math.min(mostBlocks, this.#used * growth);
    const upTo = Math.min(target, this.#read - 1);
    this.#blocks = await this.#search.older(this.#place, { upTo, limit });
    this.#next = 0;
    this.#used = 0;
    this.#read = this.#blocks.at(-1)?.first ?? 0;
    return this.takeNext(target);
  }
}
