import { setImmediate as turn } from 'node:timers/promises';
import type { UserId } from '../users/user.ts';
import { indexTerms } from './index-terms.ts';
import { readWords } from './read-words.ts';
import type { FormerText, SearchKind, SearchTable, TermChange } from './search-table.ts';

/** A text as it is now, or as it was. */
export type IndexedText = { kind: SearchKind; id: number; text: string };
type Subjects = {
  messageIds: readonly number[];
  chatIds: readonly number[];
  formers: readonly FormerText[];
};

/** What the index lacks of some messages and titles as they are now, and what it has of them that is no longer so. */
export async function planChanges(
  search: SearchTable,
  userId: UserId,
  { messageIds, chatIds, formers }: Subjects,
): Promise<TermChange[]> {
  const messages = await search.messages(userId, [...new Set([...messageIds, ...idsOf(formers, 'message')])]);
  const chats = await search.chats(userId, [...new Set([...chatIds, ...idsOf(formers, 'chat')])]);
  return termChanges(
    [
      ...messages.map(({ id, text }) => ({ kind: 'message', id, text }) as const),
      ...chats.flatMap(({ id, title, titled }) =>
        titled ? [{ kind: 'chat', id, text: title } as const] : [],
      ),
    ],
    formers.map(({ kind, subjectId, text }) => ({ kind, id: subjectId, text })),
  );
}

const idsOf = (formers: readonly FormerText[], wanted: SearchKind): number[] =>
  formers.flatMap(({ kind, subjectId }) => (kind === wanted ? [subjectId] : []));

/** Others get their turn while many texts are read. */
const textsATurn = 50;

/** The terms of texts, and those that only their former ones had; in the order of the index. */
export async function termChanges(
  texts: readonly IndexedText[],
  formers: readonly IndexedText[],
): Promise<TermChange[]> {
  const changes = { message: new Map<string, TermChange>(), chat: new Map<string, TermChange>() };
  const changeOf = (kind: SearchKind, term: string): TermChange => {
    const known = changes[kind].get(term);
    if (known) return known;
    const made: TermChange = { kind, term, add: [], remove: [] };
    changes[kind].set(term, made);
    return made;
  };
  const former = new Set(formers.map(keyOf));
  const present = new Map<string, Set<string>>();
  for (const [index, text] of texts.toSorted((a, b) => a.id - b.id).entries()) {
    if (index % textsATurn === textsATurn - 1) await turn();
    const terms = indexTerms(readWords(text.text));
    if (former.has(keyOf(text))) present.set(keyOf(text), terms);
    for (const term of terms) changeOf(text.kind, term).add.push(text.id);
  }
  const gone = new Map<TermChange, Set<number>>();
  for (const [index, text] of formers.entries()) {
    if (index % textsATurn === textsATurn - 1) await turn();
    for (const term of indexTerms(readWords(text.text))) {
      if (present.get(keyOf(text))?.has(term) === true) continue;
      const change = changeOf(text.kind, term);
      gone.set(change, (gone.get(change) ?? new Set()).add(text.id));
    }
  }
  for (const [change, ids] of gone) change.remove = [...ids].toSorted((a, b) => a - b);
  // Neighbours in the index are written together.
  return [changes.message, changes.chat].flatMap((of) =>
    [...of.values()].toSorted((a, b) => (a.term < b.term ? -1 : 1)),
  );
}

const keyOf = ({ kind, id }: IndexedText): string => `${kind} ${id}`;
