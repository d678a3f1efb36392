import type { Prompt } from '../../core/provider.ts';
import { longestQuestion, type Question, readQuestion, type RuleSurroundings } from '../basic/question.ts';
import { askRules, createResponder } from '../basic/responder.ts';
import { type Kind, understand, type Understanding } from './understand.ts';

/** Answers as the rules of `basic` do, and to more ways of asking; names what it understood where no rule has an answer. */
export const createListener = ({ now, seed }: { now: () => Date; seed: number }) => {
  let heard: { text: string; understanding: Understanding } | undefined;
  const hear = (text: string): Understanding => {
    if (heard?.text !== text) heard = { text, understanding: understand(text) };
    return heard.understanding;
  };
  const respond = createResponder({
    now,
    seed,
    lastResort: (question, surroundings) => answerWith(hear(question.text), question, surroundings),
  });
  return (prompt: Prompt): string => {
    const { text, hasImage } = readQuestion(prompt);
    const answer = respond(prompt);
    if (hasImage || text.length > longestQuestion) return answer;
    const { mood } = hear(text);
    if (mood === 'bad' && !/sorry|sounds hard/i.test(answer))
      return `I am sorry that it is like this. ${answer}`;
    return mood === 'good' && !/glad|good to hear|welcome/i.test(answer)
      ? `That is good to hear! ${answer}`
      : answer;
  };
};

const answerWith = (
  understanding: Understanding,
  question: Question,
  surroundings: RuleSurroundings,
): string => {
  for (const plain of understanding.rephrased) {
    const answer = askRules({ ...question, plain, text: plain }, surroundings);
    if (answer !== undefined) return answer;
  }
  return confess(understanding, surroundings);
};

const kinds: readonly Kind[] = ['people', 'places', 'dates', 'numbers'];

const confess = ({ named }: Understanding, { pick }: RuleSurroundings): string => {
  const found = kinds
    .filter((kind) => named[kind].length > 0)
    .map((kind) => `${kind}: ${named[kind].join(', ')}`);
  const limits =
    'I look at words and follow rules, with no language model behind me: I can do arithmetic, tell the time, explain common ' +
    'terms, remember your name and notice whom and what you mention.';
  if (found.length === 0)
    return `${pick(['I did not find anything in that which I know how to answer.', 'I have no answer to that.'])} ${limits}`;
  return `${pick(['This much I understood', 'Here is what I noticed'])}: ${found.join('; ')}. More I cannot make of it. ${limits}`;
};
