// @ts-check
// The events of the vendor's stream, made once: a thousand streams then cost one slice of one buffer per write.

const head =
  '{"id":"chatcmpl-fake","object":"chat.completion.chunk","created":1750000000,"model":"fake-model",';
const frame = (/** @type {string} */ rest) => `data: ${head}${rest}}\n\n`;

/** The text of the n-th token; some carry characters of two, three and four bytes. */
const tokenText = (/** @type {number} */ index) => (index % 16 === 15 ? `t${index}-é漢😀 ` : `t${index} `);

/** The whole text that a stream of so many tokens carries. */
export const answerText = (/** @type {number} */ count) =>
  Array.from({ length: count }, (_, i) => tokenText(i)).join('');

/** One event with any delta, e.g. `{ content: 'Hi' }` or `{ reasoning_content: '...' }`. */
export const deltaFrame = (/** @type {object} */ delta) =>
  frame(`"choices":[{"index":0,"delta":${JSON.stringify(delta)},"finish_reason":null}]`);

export const roleFrame = Buffer.from(deltaFrame({ role: 'assistant', content: '' }));
export const finishFrame = (/** @type {string} */ reason) =>
  Buffer.from(frame(`"choices":[{"index":0,"delta":{},"finish_reason":"${reason}"}]`));
export const usageFrame = (/** @type {object} */ usage) =>
  Buffer.from(frame(`"choices":[],"usage":${JSON.stringify(usage)}`));
export const doneFrame = Buffer.from('data: [DONE]\n\n');

/** Frames of tokens `from` (inclusive) to `to` (exclusive). */
export const tokenFrames = (/** @type {number} */ from, /** @type {number} */ to) => {
  while (offsets.length <= to) grow();
  return all.subarray(offsets[from], offsets[to]);
};

let all = Buffer.alloc(0);
/** @type {number[]} */
const offsets = [0];
const grow = () => {
  const made = [all];
  let end = all.length;
  for (let added = 0; added < 2048; added += 1) {
    const bytes = Buffer.from(deltaFrame({ content: tokenText(offsets.length - 1) }));
    made.push(bytes);
    end += bytes.length;
    offsets.push(end);
  }
  all = Buffer.concat(made);
};

/** The events of a text of the caller's own, one per piece. */
export const textFrames = (/** @type {readonly string[]} */ pieces) =>
  pieces.map((content) => Buffer.from(deltaFrame({ content })));
