import type { Prompt } from '../../core/provider.ts';
import { answerArithmetic } from './arithmetic-rule.ts';
import { answerDate, answerTime } from './clock-rules.ts';
import { answerDefinition } from './definition-rule.ts';
import { fallback, withoutSense } from './fallback-rules.ts';
import { withoutGreeting } from './greetings.ts';
import { answerName } from './name-rule.ts';
import { answerPhrase } from './phrase-rule.ts';
import { longestQuestion, readQuestion } from './question.ts';
import type { Question, Rule, RuleSurroundings } from './question.ts';
import { countWords } from './words.ts';

/** Asked in this order; the first that knows an answer gives it. */
const rules: readonly Rule[] = [
  answerName,
  answerArithmetic,
  answerTime,
  answerDate,
  answerPhrase,
  answerDefinition,
];

type Responder = {
  now: () => Date;
  seed: number;
  /** Answers what no rule knows. */
  lastResort?: (question: Question, surroundings: RuleSurroundings) => string;
};

/** The whole answer to a prompt: never empty, and the same for the same prompt, seed and minute. */
export const createResponder =
  ({ now, seed, lastResort = fallback }: Responder) =>
  (prompt: Prompt): string => {
    const question = readQuestion(prompt);
    const spin = mix(`${question.text.slice(0, longestQuestion)}#${question.earlier.length}`, seed);
    const pick = (choices: readonly string[]): string => choices[spin % choices.length] ?? '';
    return respond(question, { now, pick }, lastResort);
  };

const respond = (
  question: Question,
  surroundings: RuleSurroundings,
  lastResort: NonNullable<Responder['lastResort']>,
): string => {
  if (question.hasImage) return withoutSense.image;
  if (question.text.length > longestQuestion) return withoutSense.long(countWords(question.text));
  if (!/[\p{L}\p{N}\p{S}]/u.test(question.text)) return withoutSense.empty;

  const known = askRules(question, surroundings);
  if (known !== undefined) return known;
  const { greeting, plain } = withoutGreeting(question.plain);
  if (greeting === undefined) return lastResort(question, surroundings);
  const answer = askRules({ ...question, plain, text: plain }, surroundings);
  return `${greeting} ${answer ?? lastResort(question, surroundings)}`;
};

/** What the first rule says that knows the question; undefined where none does. */
export const askRules = (question: Question, surroundings: RuleSurroundings): string | undefined => {
  for (const rule of rules) {
    const answer = rule(question, surroundings);
    if (answer !== undefined) return answer;
  }
  return undefined;
};

/** FNV-1a: spreads the questions over the choices evenly and alike on every machine. */
const mix = (text: string, seed: number): number => {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
};
