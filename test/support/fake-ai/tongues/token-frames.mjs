// @ts-check

/** The text of the n-th token; some carry characters of two, three and four bytes. */
const tokenText = (/** @type {number} */ index) => (index % 16 === 15 ? `t${index}-é漢😀 ` : `t${index} `);

/** The whole text that a stream of so many tokens carries. */
export const answerText = (/** @type {number} */ count) =>
  Array.from({ length: count }, (_, i) => tokenText(i)).join('');

/**
 * Frames of tokens `from` (inclusive) to `to` (exclusive), made once: a thousand streams then cost one slice of one buffer per write.
 * @param {(text: string) => string} frameOf
 */
export const createTokenFrames = (frameOf) => {
  let all = Buffer.alloc(0);
  /** @type {number[]} */
  const offsets = [0];
  const grow = () => {
    const made = [all];
    let end = all.length;
    for (let added = 0; added < 2048; added += 1) {
      const bytes = Buffer.from(frameOf(tokenText(offsets.length - 1)));
      made.push(bytes);
      end += bytes.length;
      offsets.push(end);
    }
    all = Buffer.concat(made);
  };
  return (/** @type {number} */ from, /** @type {number} */ to) => {
    while (offsets.length <= to) grow();
    return all.subarray(offsets[from], offsets[to]);
  };
};
