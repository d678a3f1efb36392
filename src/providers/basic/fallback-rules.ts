import type { Question, RuleSurroundings } from './question.ts';

const howToConnect =
  'To connect a real model, set AI_PROVIDER=openai, OPENAI_BASE_URL (for example http://localhost:11434/v1 for Ollama), ' +
  'OPENAI_API_KEY and AI_MODEL, and start the server again.';

/** What is said to messages that no rule can look into. */
export const withoutSense = {
  empty: 'I did not catch any words in that. Ask me something, or say "help" to see what I can do.',
  image:
    'I can see that you sent an image, but I am the built-in responder and cannot look at pictures. ' +
    `Describe it in words, or ask the operator for a model that sees. ${howToConnect}`,
  long: (words: number): string =>
    `That is a long text of ${words === 1 ? 'one word' : `${words} words`}, more than I can work through: ` +
    `I am the built-in responder, not a language model. Try a shorter question. ${howToConnect}`,
};

/** The honest answer to everything else. */
export const fallback = (_question: Question, { pick }: RuleSurroundings): string =>
  `${pick([
    "I don't know that one: I am the built-in responder, with a small set of answers and no language model behind me.",
    'That is beyond me. I am the built-in responder: I follow a few simple rules and have no language model behind me.',
    'I have no answer to that, because I am only the built-in responder and no language model is connected.',
  ])} I can do arithmetic, tell the time, explain common terms and remember your name. ${howToConnect}`;
