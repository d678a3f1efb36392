import { definitions } from './definitions.ts';
import type { Rule } from './question.ts';

const openings = [
  'what is meant by ',
  'what do you know about ',
  'can you explain what ',
  'can you tell me what ',
  'can you tell me about ',
  'could you explain ',
  'can you explain ',
  'can you define ',
  'do you know what ',
  'do you know ',
  'what exactly is ',
  'please explain ',
  'please define ',
  'tell me what ',
  'tell me about ',
  'explain what ',
  'the meaning of ',
  'what does ',
  "what's ",
  'whats ',
  'what is ',
  'what are ',
  'what was ',
  'who is ',
  'who was ',
  'define ',
  'explain ',
  'describe ',
  'definition of ',
  'meaning of ',
  'how does ',
];
const fillers = ['is ', 'are ', 'a ', 'an ', 'the ', 'meaning of ', 'definition of '];
const closings = [
  ' is',
  ' are',
  ' mean',
  ' means',
  ' stand for',
  ' work',
  ' please',
  ' to me',
  ' exactly',
  ' for me',
  ' in programming',
  ' in computing',
];

const byTerm = new Map(definitions.flatMap(({ terms, text }) => terms.map((term) => [term, text] as const)));

/** "What is an API?", "explain SQL", or just "docker". */
export const answerDefinition: Rule = ({ plain }) => {
  const direct = byTerm.get(plain);
  if (direct !== undefined) return direct;
  const opening = openings.find((words) => plain.startsWith(words));
  if (opening === undefined) return undefined;
  const asked = plain.slice(opening.length);
  return look(asked) ?? look(asked.split(/ and |[,;?!]|\. /, 1)[0] ?? '');
};

/** Peels small words off both ends until a known term is left. */
const look = (asked: string): string | undefined => {
  let term = asked;
  for (;;) {
    const text = byTerm.get(term) ?? (term.endsWith('s') ? byTerm.get(term.slice(0, -1)) : undefined);
    if (text !== undefined) return text;
    const filler = fillers.find((words) => term.startsWith(words));
    const closing = closings.find((words) => term.endsWith(words));
    if (filler !== undefined) term = term.slice(filler.length);
    else if (closing !== undefined) term = term.slice(0, -closing.length);
    else return undefined;
  }
};
