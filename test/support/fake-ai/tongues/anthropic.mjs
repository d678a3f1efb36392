// @ts-check
import { lastUserText } from './openai.mjs';
import { createTokenFrames } from './token-frames.mjs';

const frame = (/** @type {{ type: string } & Record<string, unknown>} */ event) =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
const delta = (/** @type {string} */ text) =>
  frame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });

const reasons = new Map([
  ['stop', 'end_turn'],
  ['length', 'max_tokens'],
  ['content_filter', 'refusal'],
]);

/** @type {import('./tongue.d.mts').Tongue} */
export const anthropic = {
  base: '/anthropic/v1',
  asks: (path) => path === '/messages',
  list: '/models',
  models: (ids) => ({
    data: ids.map((id) => ({ type: 'model', id, display_name: id })),
    has_more: false,
  }),
  keyOf: (headers) => headers['x-api-key']?.toString(),
  turnsOf: ({ messages }) => /** @type {unknown[]} */ (messages ?? []),
  lastTextOf: ({ messages }) => lastUserText(messages),
  start: [
    frame({
      type: 'message_start',
      message: {
        id: 'msg_fake',
        type: 'message',
        role: 'assistant',
        model: 'fake-model',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 1, output_tokens: 1 },
      },
    }),
    frame({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    frame({ type: 'ping' }),
  ].join(''),
  delta,
  reasoning: (thinking) =>
    frame({ type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking } }),
  tokenFrames: createTokenFrames(delta),
  finish: (reason, counts) =>
    [
      frame({ type: 'content_block_stop', index: 0 }),
      frame({
        type: 'message_delta',
        delta: { stop_reason: reasons.get(reason) ?? reason, stop_sequence: null },
        usage: {
          output_tokens: counts?.completion ?? 0,
          ...(counts === undefined ? {} : { input_tokens: counts.prompt }),
        },
      }),
    ].join(''),
  done: frame({ type: 'message_stop' }),
  half: 'event: content_block_delta\ndata: {"type":"content_bl',
  garbage: 'event: content_block_delta\ndata: {"type":"content_block_delta","index"\n\n',
  errorEvent: (message) => frame({ type: 'error', error: { type: 'api_error', message } }),
  errorBody: (message, _status, code = 'fake_error') => ({ type: 'error', error: { type: code, message } }),
};
