// @ts-check

/** What a request gets unless it asks for something else. */
export const defaultScript = Object.freeze({
  count: 20,
  rate: 0,
  at: 3,
  status: 200,
  retryAfter: '',
  fault: '',
  times: Infinity,
  finish: 'stop',
  done: true,
  usage: 'asked',
  split: false,
  reasoning: 0,
  text: undefined,
});

/**
 * Reads `fake:count=5,rate=50,fault=cut` out of a model's name and of the last message; the message wins.
 * @param {string} model @param {string} [message]
 */
export const readScript = (model, message = '') => ({ ...parse(model), ...parse(message) });

/** @param {string} text */
const parse = (text) => {
  const found = text.slice(0, 4096).match(/fake:(\S+)/);
  if (!found?.[1]) return {};
  return Object.fromEntries(
    found[1].split(',').map((pair) => {
      const [key = '', value = ''] = pair.split('=');
      return [key, convert(key, decodeURIComponent(value))];
    }),
  );
};

/** @param {string} key @param {string} value */
const convert = (key, value) => {
  if (key === 'text') return [value];
  if (!(key in defaultScript)) throw new Error(`The fake AI knows no "${key}"`);
  if (key === 'done' || key === 'split') return value !== 'off';
  return ['fault', 'finish', 'usage', 'retryAfter'].includes(key) ? value : Number(value);
};
