// @ts-check
import { lastUserText } from './openai.mjs';
import { createTokenFrames } from './token-frames.mjs';

const head = '{"id":"fake","object":"chat.completion.chunk","created":1750000000,"model":"fake-model",';
const frame = (/** @type {object} */ choice, rest = '') =>
  `data: ${head}"choices":[${JSON.stringify({ index: 0, ...choice })}]${rest}}\n\n`;
const delta = (/** @type {string} */ content) => frame({ delta: { content }, finish_reason: null });

/** @type {import('./tongue.d.mts').Tongue} */
export const mistral = {
  base: '/mistral/v1',
  asks: (path) => path === '/chat/completions',
  list: '/models',
  models: (ids) => ({
    object: 'list',
    data: [
      { id: 'fake-embed', object: 'model', capabilities: { completion_chat: false } },
      ...ids.map((id) => ({ id, object: 'model', capabilities: { completion_chat: true } })),
    ],
  }),
  keyOf: ({ authorization }) => authorization?.replace('Bearer ', ''),
  turnsOf: ({ messages }) => /** @type {unknown[]} */ (messages ?? []),
  lastTextOf: ({ messages }) => lastUserText(messages),
  start: frame({ delta: { role: 'assistant', content: '' }, finish_reason: null }),
  delta,
  reasoning: (text) =>
    frame({
      delta: { content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] },
      finish_reason: null,
    }),
  tokenFrames: createTokenFrames(delta),
  finish: (reason, counts) =>
    frame(
      { delta: { content: '' }, finish_reason: reason },
      counts === undefined
        ? ''
        : `,"usage":${JSON.stringify({
            prompt_tokens: counts.prompt,
            completion_tokens: counts.completion,
            total_tokens: counts.prompt + counts.completion,
          })}`,
    ),
  done: 'data: [DONE]\n\n',
  half: 'data: {"id":"fake","choices":[{"del',
  garbage: 'data: {"id":"fake","choices": [{"delta"\n\n',
  errorEvent: (message) =>
    `data: ${JSON.stringify({ object: 'error', message, type: 'internal_error', code: '3000' })}\n\n`,
  errorBody: (message, _status, code = '') => ({ object: 'error', message, type: 'fake_error', code }),
};
