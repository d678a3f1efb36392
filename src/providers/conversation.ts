import type { Prompt, PromptTurn } from '../core/provider.ts';

const goOn =
  'Your last answer was cut off. Go on from exactly where it stopped: begin with its very next character, ' +
  'repeat nothing of it, and add no introduction.';

/**
 * The turns to send to a model, each side once at a time; where an answer is to be continued, its shown start and the wish to go on.
 * Models that would write on by themselves differ too much in how: this sentence works with all of them.
 */
export const createConversation = ({ turns, continues = '' }: Prompt): PromptTurn[] => {
  const last = turns.at(-1);
  // The shown start may be there as a turn already: it is sent once.
  const isRepeated = continues !== '' && last?.role === 'assistant' && continues.startsWith(last.text);
  const before = join(isRepeated ? turns.slice(0, -1) : turns);
  if (continues === '') return before;
  return [...before, { role: 'assistant', text: continues }, { role: 'user', text: goOn }];
};

/** Turns of one side that follow each other (a reply between them failed) become one: many models insist on taking turns. */
const join = (turns: readonly PromptTurn[]): PromptTurn[] => {
  const joined: PromptTurn[] = [];
  for (const turn of turns) {
    const before = joined.at(-1);
    const isSameSide =
      before?.role === turn.role && before.imageUrls === undefined && turn.imageUrls === undefined;
    if (isSameSide) joined.splice(-1, 1, { role: turn.role, text: `${before.text}\n\n${turn.text}` });
    else joined.push(turn);
  }
  return joined;
};
