import type { ErrorAnswer, ErrorRenderer } from './render-errors.ts';

/** For what several own: the first one's answer, with the keys of all in its body. There must be one at least. */
export const renderTogether =
  (renderers: readonly ErrorRenderer[]): ErrorRenderer =>
  (error, request) =>
    renderers.map((render) => render(error, request)).reduce(merge);

const merge = (one: ErrorAnswer, other: ErrorAnswer): ErrorAnswer => ({
  ...one,
  body: isObject(one.body) && isObject(other.body) ? { ...other.body, ...one.body } : one.body,
});
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
