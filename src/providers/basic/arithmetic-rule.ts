import { calculate } from './arithmetic.ts';
import type { Rule } from './question.ts';

const openings = [
  "what's the result of ",
  'what is the result of ',
  'can you calculate ',
  'please calculate ',
  'how much is ',
  'can you compute ',
  'calculate ',
  'what does ',
  "what's ",
  'what is ',
  'whats ',
  'compute ',
  'evaluate ',
  'solve ',
  'how much ',
  'and ',
];
const problems = {
  'division-by-zero': 'That divides by zero, and no number is the answer to that.',
  'too-large': 'That result is too large for me to write down.',
  'not-real': 'That has no answer among the real numbers.',
} as const;

/** "2 + 2", "what is 12% of 80?", "(1.5 + 2) times 4 =". */
export const answerArithmetic: Rule = ({ text }) => {
  if (text.length > 250) return undefined;
  const asked = strip(text.toLowerCase().replaceAll(/[‘’]/g, "'").replaceAll(/\s+/g, ' '));
  // A date is no subtraction.
  if (/^\d{4}-\d{1,2}-\d{1,2}$/.test(asked)) return undefined;
  const calculation = calculate(asked);
  if (calculation === undefined) return undefined;
  if ('problem' in calculation) return problems[calculation.problem];
  return `${asked} = ${write(calculation.value)}`;
};

const strip = (text: string): string => {
  const opening = openings.find((words) => text.startsWith(words)) ?? '';
  return text
    .slice(opening.length)
    .replace(/ (?:equal|equals|please)[?!. ]{0,5}$/, '')
    .replace(/[=?!. ]{1,9}$/, '')
    .trim();
};

/** Twelve digits: what binary fractions get wrong lies beyond them. */
const write = (value: number): string =>
  Number.isSafeInteger(value) ? String(value + 0) : String(Number(value.toPrecision(12)));
