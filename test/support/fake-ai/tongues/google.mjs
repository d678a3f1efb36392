// @ts-check
import { createTokenFrames } from './token-frames.mjs';

const frame = (/** @type {object} */ event) => `data: ${JSON.stringify(event)}\r\n\r\n`;
const part = (/** @type {object} */ content) =>
  frame({
    candidates: [{ content: { parts: [content], role: 'model' }, index: 0 }],
    modelVersion: 'fake-model',
    responseId: 'fake',
  });
const delta = (/** @type {string} */ text) => part({ text });

const reasons = new Map([
  ['stop', 'STOP'],
  ['length', 'MAX_TOKENS'],
  ['content_filter', 'SAFETY'],
]);

/** @type {import('./tongue.d.mts').Tongue} */
export const google = {
  base: '/google/v1beta',
  asks: (path) => /^\/models\/[^/]+:streamGenerateContent\?alt=sse$/.test(path),
  list: '/models',
  models: (ids) => ({
    models: [
      { name: 'models/fake-embedding', supportedGenerationMethods: ['embedContent'] },
      ...ids.map((id) => ({ name: `models/${id}`, supportedGenerationMethods: ['generateContent'] })),
    ],
  }),
  keyOf: (headers) => headers['x-goog-api-key']?.toString(),
  turnsOf: ({ contents }) => /** @type {unknown[]} */ (contents ?? []),
  lastTextOf: ({ contents }) =>
    /** @type {any[]} */ (contents ?? []).findLast(({ role }) => role === 'user')?.parts?.[0]?.text ?? '',
  start: '',
  delta,
  reasoning: (text) => part({ text, thought: true }),
  tokenFrames: createTokenFrames(delta),
  finish: (reason, counts) =>
    frame({
      candidates: [
        { content: { parts: [{ text: '' }] }, finishReason: reasons.get(reason) ?? reason, index: 0 },
      ],
      ...(counts === undefined
        ? {}
        : {
            usageMetadata: {
              promptTokenCount: counts.prompt,
              candidatesTokenCount: counts.completion,
              totalTokenCount: counts.prompt + counts.completion,
            },
          }),
    }),
  done: '',
  half: 'data: {"candidates":[{"cont',
  garbage: 'data: {"candidates": [{"content"\r\n\r\n',
  errorEvent: (message) => frame({ error: { code: 500, message, status: 'INTERNAL' } }),
  errorBody: (message, status) => ({ error: { code: status, message, status: 'FAKE' } }),
};
