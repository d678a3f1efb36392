import { firstUnits, isHighSurrogate } from '../unicode-text.ts';
import type { Hit } from './match-text.ts';

/** A piece of a text. `hits`: first and one past last UTF-16 code unit of what was found in it, in order, never overlapping. */
export type Snippet = { text: string; hits: [number, number][] };

/** Of the text of a snippet, in UTF-16 code units, without the `…` where it is cut. */
const length = 160;
const lead = 40;

/** The piece of a text that shows most of what was asked for, cut between words where it can be. */
export function cutSnippet(text: string, hits: readonly Hit[]): Snippet {
  const { start, end } = placeOf(text, hits);
  const [before, after] = [start > 0 ? '…' : '', end < text.length ? '…' : ''];
  const shown: [number, number][] = [];
  for (const hit of hits) {
    const from = Math.max(hit.start, start, (shown.at(-1)?.[1] ?? 0) - before.length + start);
    const to = Math.min(hit.end, end);
    if (from < to) shown.push([from - start + before.length, to - start + before.length]);
  }
  return { text: before + text.slice(start, end) + after, hits: shown };
}

function placeOf(text: string, hits: readonly Hit[]): { start: number; end: number } {
  if (text.length <= length) return { start: 0, end: text.length };
  const first = firstOf(hits);
  const start = startBefore(text, Math.min(first.start, Math.max(0, text.length - length + lead)));
  const latest = start + firstUnits(text.slice(start), length).length;
  if (latest >= text.length) return { start, end: text.length };
  const space = start + text.slice(start, latest + 1).search(/\s\S*$/);
  return { start, end: space >= first.end ? space : latest };
}

/** The hit from which on a snippet has the most different ones. */
function firstOf(hits: readonly Hit[]): Hit {
  let [best, most] = [hits[0], 0];
  for (const [index, hit] of hits.entries()) {
    const near = new Set<number>();
    for (const { end, sequence } of hits.slice(index, index + 20))
      if (end - hit.start <= length - lead) near.add(sequence);
    if (near.size > most) [best, most] = [hit, near.size];
  }
  return best ?? { start: 0, end: 0, sequence: 0 };
}

/** A few words before a place: the beginning of a word, or of a character. */
function startBefore(text: string, place: number): number {
  const earliest = place - lead;
  if (earliest <= 0) return 0;
  const space = text.slice(earliest - 1, place).search(/\s\S/);
  if (space !== -1) return earliest + space;
  return isHighSurrogate(text.charCodeAt(earliest - 1)) ? earliest + 1 : earliest;
}
