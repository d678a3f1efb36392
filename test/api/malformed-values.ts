import type { Schema } from './description.ts';

export type Random = () => number;
export const below = (random: Random, count: number): number => Math.floor(random() * count);
export function pick<Value>(random: Random, values: readonly [Value, ...Value[]]): Value {
  return values[below(random, values.length)] ?? values[0];
}
export const chance = (random: Random, share: number): boolean => random() < share;

const strangeTexts = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud83d',
  '\udc00x',
  '\u202e',
  '\ufeff',
  '%00',
  '../../etc/passwd',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '${jndi:ldap://x}',
  '__proto__',
  'constructor',
  '\r\nSet-Cookie: a=b',
  'null',
  'NaN',
  'ａｄｍｉｎ',
  '👩‍👩‍👧‍👦'.repeat(40),
  'é'.repeat(300),
] as const;
const strangeNumbers = [0, -1, -0, 1.5, 1e21, -1e308, 2 ** 53, 2 ** 63, 2 ** 31, 101, 1e-7] as const;

/** Some value that few expect. */
export function strangeValue(random: Random): unknown {
  switch (below(random, 8)) {
    case 0:
      return null;
    case 1:
      return chance(random, 0.5);
    case 2:
      return pick(random, strangeNumbers);
    case 3:
      return [strangeText(random)];
    case 4:
      return { [pick(random, ['a', '$where', '', 'length', 'toString'])]: 1 };
    case 5:
      return nested(random, 1 + below(random, 30));
    default:
      return strangeText(random);
  }
}

export function strangeText(random: Random): string {
  if (chance(random, 0.02)) return 'x'.repeat(100_000 + below(random, 200_000));
  if (chance(random, 0.2)) return randomText(random);
  return pick(random, strangeTexts);
}

export function randomText(random: Random): string {
  const units = Array.from({ length: below(random, 40) }, () => below(random, 0x10000));
  return String.fromCharCode(...units);
}

function nested(random: Random, depth: number): unknown {
  return depth === 0
    ? 1
    : chance(random, 0.5)
      ? [nested(random, depth - 1)]
      : { a: nested(random, depth - 1) };
}

/** A value that a schema asks for, more or less. */
export function fittingValue(random: Random, schema: Schema | undefined): unknown {
  const type = [schema?.['type']].flat()[0];
  const values = schema?.['enum'];
  if (Array.isArray(values)) return values[below(random, values.length)] as unknown;
  if (type === 'boolean') return chance(random, 0.5);
  if (type === 'integer' || type === 'number') return 1 + below(random, 100);
  if (type === 'array') return [];
  if (type === 'object') return {};
  return `text ${below(random, 1000)}`;
}
