import { greet } from './greetings.ts';
import { knownName } from './name-rule.ts';
import { phrases } from './phrases.ts';
import type { Rule } from './question.ts';

const answersBySaid = new Map(
  phrases.flatMap(({ said, answers }) => said.split(/,\s+/).map((phrase) => [phrase, answers] as const)),
);

/** Words that change nothing about what is meant. */
const politeness =
  /^(?:please|so|well|and|ok|okay|can you|could you|would you|will you) | (?:please|now|then|bot|everyone|everybody|all|friend|buddy)$/;

/** Greetings, goodbyes, thanks, small talk: whole phrases only, so that a real question is never taken for chatter. */
export const answerPhrase: Rule = ({ plain, earlier }, { pick }) => {
  const spoken = plain.replaceAll(/[,.!?]/g, '');
  const said = answersBySaid.has(spoken) ? spoken : spoken.replace(politeness, '');
  const greeted = greet(spoken) ?? greet(said);
  if (greeted !== undefined) {
    const name = knownName(earlier);
    const opening =
      name === undefined ? greeted.greeting : `${greeted.greeting.replace(/\s*[!！]$/, '')}, ${name}!`;
    if (!greeted.isEnglish)
      return `${opening} I mostly speak English, but you are very welcome. How can I help you?`;
    return `${opening} ${pick(['How can I help you?', 'What can I do for you?', 'What is on your mind?'])}`;
  }
  const answers = answersBySaid.get(said);
  return answers === undefined ? undefined : pick(answers);
};
