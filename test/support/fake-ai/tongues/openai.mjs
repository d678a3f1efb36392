// @ts-check
import { createTokenFrames } from './token-frames.mjs';

const head =
  '{"id":"chatcmpl-fake","object":"chat.completion.chunk","created":1750000000,"model":"fake-model",';
const frame = (/** @type {string} */ rest) => `data: ${head}${rest}}\n\n`;
const deltaFrame = (/** @type {object} */ delta) =>
  frame(`"choices":[{"index":0,"delta":${JSON.stringify(delta)},"finish_reason":null}]`);
const delta = (/** @type {string} */ content) => deltaFrame({ content });

/** What `messages` of this shape say last. @param {any} messages @returns {string} */
export const lastUserText = (messages) => {
  const last = messages?.findLast?.((/** @type {any} */ message) => message.role === 'user')?.content;
  return typeof last === 'string'
    ? last
    : (last?.find?.((/** @type {any} */ part) => part.type === 'text')?.text ?? '');
};

/** @type {import('./tongue.d.mts').Tongue} */
export const openai = {
  base: '/v1',
  asks: (path) => path === '/chat/completions',
  list: '/models',
  models: (ids) => ({ object: 'list', data: ids.map((id) => ({ id, object: 'model' })) }),
  keyOf: ({ authorization }) => authorization?.replace('Bearer ', ''),
  turnsOf: ({ messages }) => /** @type {unknown[]} */ (messages ?? []),
  lastTextOf: ({ messages }) => lastUserText(messages),
  start: deltaFrame({ role: 'assistant', content: '' }),
  delta,
  reasoning: (reasoning_content) => deltaFrame({ reasoning_content }),
  tokenFrames: createTokenFrames(delta),
  finish: (reason) => frame(`"choices":[{"index":0,"delta":{},"finish_reason":"${reason}"}]`),
  usage: ({ prompt, completion }) =>
    frame(
      `"choices":[],"usage":${JSON.stringify({
        prompt_tokens: prompt,
        completion_tokens: completion,
        total_tokens: prompt + completion,
      })}`,
    ),
  done: 'data: [DONE]\n\n',
  half: 'data: {"choices":[{"del',
  garbage: 'data: {"choices": [{"delta"\n\n',
  errorEvent: (message) => `data: {"error":{"message":"${message}","code":500}}\n\n`,
  errorBody: (message, _status, code = '') => ({ error: { message, type: 'fake_error', code } }),
};
