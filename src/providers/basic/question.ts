import type { Prompt, PromptTurn } from '../../core/provider.ts';

/** The user's last turn, made easy to match against. */
export type Question = {
  /** As written, without white space at its ends. */
  text: string;
  /** Lower case, straight quotes, single spaces, no punctuation at its ends. */
  plain: string;
  hasImage: boolean;
  /** The turns before it, oldest first. */
  earlier: readonly PromptTurn[];
};

/** A rule answers the questions it knows and leaves the rest (undefined) to those after it. */
export type Rule = (question: Question, surroundings: RuleSurroundings) => string | undefined;

export type RuleSurroundings = {
  now: () => Date;
  /** One of several equally good answers: the same for the same question under the same seed. */
  pick: (choices: readonly string[]) => string;
};

/** Questions longer than this, in UTF-16 code units, are not looked into: every rule stays cheap whatever is sent. */
export const longestQuestion = 1000;

/** Finds what is asked: the last turn of the user. */
export const readQuestion = ({ turns }: Prompt): Question => {
  const last = turns.findLastIndex((turn) => turn.role === 'user');
  const turn = turns[last];
  const text = turn?.text.trim() ?? '';
  return {
    text,
    plain: text.length > longestQuestion ? '' : simplify(text),
    hasImage: (turn?.imageUrls ?? []).length > 0,
    earlier: turns.slice(0, Math.max(last, 0)),
  };
};

/** Lower case, straight quotes, single spaces, no punctuation at the ends. For text of bounded length. */
export const simplify = (text: string): string =>
  trimMarks(
    text
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[‘’`´]/g, "'")
      .replaceAll(/\s+/g, ' '),
  );

const isMark = (character: string): boolean => /[\s.,;:!?¡¿"'…。！？、～~()[\]{}*_-]/.test(character);

const trimMarks = (text: string): string => {
  let start = 0;
  let end = text.length;
  while (start < end && isMark(text.charAt(start))) start += 1;
  while (end > start && isMark(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
};
