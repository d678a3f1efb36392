import type { PromptTurn } from '../../core/provider.ts';
import { simplify } from './question.ts';
import type { Rule } from './question.ts';

const questions = new Set([
  "what's my name",
  'what is my name',
  'whats my name',
  'who am i',
  'do you know my name',
  'do you remember my name',
  'do you remember me',
  'what am i called',
  'say my name',
  'tell me my name',
  'what was my name',
  'can you remember my name',
  'remember my name',
]);

const introductions = [
  'my name is ',
  "my name's ",
  'call me ',
  'please call me ',
  'you can call me ',
  'i am called ',
  "i'm called ",
  'the name is ',
];
/** "I am tired" introduces nobody: these count only when a capitalised name stands alone after them. */
const looseIntroductions = ['i am ', "i'm ", 'this is '];
const openings = ['hi ', 'hello ', 'hey ', 'hi, ', 'hello, ', 'hey, ', 'hi! ', 'hello! ', 'hey! '];

/** "My name is Ada" and "what is my name?": remembered from the turns of this chat alone. */
export const answerName: Rule = ({ text, plain, earlier }, { pick }) => {
  if (questions.has(plain)) {
    const name = knownName(earlier);
    if (name === undefined)
      return 'You have not told me your name in this chat yet. Say "my name is ..." and I will remember it here.';
    return pick([`Your name is ${name}.`, `You are ${name}, as you told me.`]);
  }
  const name = introducedName(text);
  return name === undefined
    ? undefined
    : pick([
        `Nice to meet you, ${name}! How can I help you?`,
        `Hello, ${name}! I will remember your name in this chat.`,
      ]);
};

/** The name that the user gave last in these turns. */
export const knownName = (turns: readonly PromptTurn[]): string | undefined => {
  for (const turn of turns.toReversed()) {
    const name =
      turn.role === 'user' && turn.text.length <= longestIntroduction ? introducedName(turn.text) : undefined;
    if (name !== undefined) return name;
  }
  return undefined;
};

const longestIntroduction = 200;

const introducedName = (text: string): string | undefined => {
  if (text.length > longestIntroduction) return undefined;
  const written = text.normalize('NFKC').trim().replaceAll(/[‘’]/g, "'").replaceAll(/\s+/g, ' ');
  const lower = written.toLowerCase();
  // Characters whose lower case is longer would shift the positions below.
  if (lower.length !== written.length) return undefined;
  const skipped = openings.find((opening) => lower.startsWith(opening))?.length ?? 0;
  const found = (list: readonly string[]) => list.find((opening) => lower.startsWith(opening, skipped));
  const strict = found(introductions);
  if (strict !== undefined) return readName(written.slice(skipped + strict.length), false);
  const loose = found(looseIntroductions);
  return loose === undefined ? undefined : readName(written.slice(skipped + loose.length), true);
};

const readName = (text: string, alone: boolean): string | undefined => {
  const end = text.search(/[.,;:!?]|\s(?:and|but|what|how|who|can|could|i|from|nice|please)\s/i);
  if (alone && end >= 0 && text.slice(end).replaceAll(/[.!]/g, '') !== '') return undefined;
  const words = (end < 0 ? text : text.slice(0, end)).trim().split(' ');
  if (words.length > 3 || !words.every((word) => /^[\p{L}\p{M}][\p{L}\p{M}'-]{0,39}$/u.test(word)))
    return undefined;
  if (alone && !words.every((word) => /^\p{Lu}/u.test(word))) return undefined;
  if (simplify(words.join(' ')) === 'what') return undefined;
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
};
