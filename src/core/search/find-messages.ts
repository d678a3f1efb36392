import { setImmediate as turn } from 'node:timers/promises';
import type { UserId } from '../users/user.ts';
import type { SearchTail } from './read-tail.ts';
import { type Match, matchText } from './match-text.ts';
import type { Asked } from './parse-search.ts';
import { compareRanks, type Rank, type SearchCursor } from './search-cursor.ts';
import type { SearchedMessage, SearchTable } from './search-table.ts';
import { walkSubjects } from './walk-subjects.ts';

export type FoundMessage = { message: SearchedMessage; match: Match };
type Place = Extract<SearchCursor, { in: 'messages' }>;
type Find = { userId: UserId; asked: Asked; tail: SearchTail; place: Place; limit: number };

/** So many matches, newest first, are ranked among themselves; then the next so many. */
const mostRanked = 100;
/** A window ends with the text that was read for it, and a page with the candidates: what is long or misleading has an end too. */
const mostUnits = 2_000_000;
const mostCandidates = 1_000;
/** So many texts are read at once, fewer of them where they are long. */
const leastAtOnce = 32;
const mostAtOnce = 256;
const unitsAtOnce = 500_000;
/** After so much text others get their turn. */
const unitsATurn = 100_000;

/** A page of messages that have all that is asked for. Short of its limit, with a place to go on, only where little was found for long. */
export async function findMessages(
  search: SearchTable,
  { limit, ...find }: Find,
): Promise<{ found: FoundMessage[]; next: Place | null }> {
  const found: FoundMessage[] = [];
  let { place } = find;
  let looked = 0;
  for (;;) {
    const window = await readWindow(search, { ...find, place }, limit + 1);
    looked += window.looked;
    const { last } = place;
    const rest = last ? window.found.filter((one) => compareRanks(last, rankOf(one)) < 0) : window.found;
    const given = rest.slice(0, limit - found.length);
    found.push(...given);
    const { newest, oldest } = window;
    const lastGiven = given.at(-1);
    if (lastGiven && given.length < rest.length)
      return { found, next: placeAfter(rankOf(lastGiven), { newest, oldest }, find.asked) };
    if (window.isLast) return { found, next: null };
    place = { in: 'messages', newest: oldest - 1, oldest: 0, last: null };
    if (found.length === limit || looked >= mostCandidates) return { found, next: place };
  }
}

/** Where nothing is ranked, windows begin anywhere. */
const placeAfter = (last: Rank, { newest, oldest }: Pick<Place, 'newest' | 'oldest'>, asked: Asked): Place =>
  asked.sequences.length === 1
    ? { in: 'messages', newest: last.id - 1, oldest: 0, last: null }
    : { in: 'messages', newest, oldest, last };

const rankOf = ({ message, match }: FoundMessage): Rank => ({ together: match.together, id: message.id });

type Window = {
  found: FoundMessage[];
  newest: number;
  oldest: number;
  looked: number;
  units: number;
  isLast: boolean;
};

/** The next matches downwards, in the order of their rank. */
async function readWindow(
  search: SearchTable,
  { userId, asked, tail, place }: Omit<Find, 'limit'>,
  page: number,
): Promise<Window> {
  // A single sequence is always side by side: there is nothing to rank, and no more to read than a page.
  const most = asked.sequences.length === 1 ? page : mostRanked;
  const window: Window = { found: [], newest: 0, oldest: place.oldest, looked: 0, units: 0, isLast: false };
  const walk = { userId, kind: 'message', asked, tail } as const;
  const batch = () => atOnce(window, most);
  for await (const ids of walkSubjects(search, walk, { from: place.newest, to: place.oldest, batch })) {
    window.newest ||= ids[0] ?? 0;
    const messages = new Map(
      (await search.messages(userId, ids)).map((message) => [Number(message.id), message]),
    );
    for (const id of ids) {
      window.looked += 1;
      const message = messages.get(id);
      if (message?.activity === 'active') {
        const before = window.units;
        window.units += message.text.length;
        if (Math.floor(before / unitsATurn) < Math.floor(window.units / unitsATurn)) await turn();
        const match = matchText(message.text, asked);
        if (match) window.found.push({ message, match });
      }
      // What an earlier page has bounded is read to its end; a cursor that nobody gave out has an end too.
      const times = place.oldest === 0 ? 1 : 2;
      const isFull = window.units >= times * mostUnits || window.looked >= times * mostCandidates;
      if (isFull || (times === 1 && window.found.length >= most)) {
        window.oldest = id;
        return ranked(window);
      }
    }
  }
  // Within bounds that an earlier page has set, what is below them has not been looked at.
  window.isLast = place.oldest === 0;
  return ranked(window);
}

/** As many texts as will do, if what comes is what is looked for as often as what came was. */
function atOnce({ found, looked, units }: Window, most: number): number {
  const wanted = ((most - found.length) * (looked + 1)) / (found.length + 1);
  const fitting = (unitsAtOnce * (looked + 1)) / (units + 1);
  return Math.max(leastAtOnce, Math.ceil(Math.min(mostAtOnce, wanted, fitting)));
}

function ranked(window: Window): Window {
  window.found.sort((a, b) => compareRanks(rankOf(a), rankOf(b)));
  return window;
}
