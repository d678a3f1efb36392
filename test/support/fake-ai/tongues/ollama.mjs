// @ts-check
import { openai } from './openai.mjs';

/** OpenAI's protocol, and a list of its own. @type {import('./tongue.d.mts').Tongue} */
export const ollama = {
  ...openai,
  base: '/ollama',
  asks: (path) => path === '/v1/chat/completions',
  list: '/api/tags',
  models: (ids) => ({
    models: [
      { name: 'nomic-embed-text:latest', details: { family: 'nomic-bert' } },
      ...ids.map((name) => ({ name, details: { family: 'llama' } })),
    ],
  }),
};
