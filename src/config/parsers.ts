import { isIP } from 'node:net';
import { MustBe } from './parser.ts';
import type { Parser } from './parser.ts';

/** Text that fits a pattern, as it is. */
export const matching =
  (pattern: RegExp, what: string): Parser<string> =>
  (text) =>
    pattern.test(text) ? text : new MustBe(what);

/** Text of at most so many characters. */
export const textUpTo =
  (longest: number): Parser<string> =>
  (text) =>
    text.length <= longest ? text : new MustBe(`at most ${longest} characters long`);

/** A whole number in plain decimal digits. */
export const wholeNumber = (least: number, most: number): Parser<number> =>
  numberLike(/^\d{1,15}$/, { least, most, what: `a whole number from ${least} to ${most}` });

/** A number with or without decimals. */
export const decimal = (least: number, most: number): Parser<number> =>
  numberLike(/^\d{1,9}(\.\d{1,9})?$/, { least, most, what: `a number from ${least} to ${most}` });

type Bounds = { least: number; most: number; what: string };

const numberLike =
  (pattern: RegExp, { least, most, what }: Bounds): Parser<number> =>
  (text) => {
    const value = Number(text);
    return pattern.test(text) && value >= least && value <= most ? value : new MustBe(what);
  };

/** So many in so much time, such as `60/1m`: seconds, minutes, hours or days. */
export const rate: Parser<{ most: number; windowMs: number }> = (text) => {
  const [, most = '', count = '', unit = ''] = /^(\d{1,9})\/(\d{1,4})([smhd])$/.exec(text) ?? [];
  const windowMs = Number(count) * (unitsMs.get(unit) ?? 0);
  return Number(most) > 0 && windowMs > 0
    ? { most: Number(most), windowMs }
    : new MustBe('a number over a time, such as 60/1m (s, m, h or d)');
};

const unitsMs = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** A colour by its six hexadecimal digits, as `#rrggbb`; the # may be left out, because it begins a comment in a `.env` file. */
export const color: Parser<string> = (text) =>
  /^#?[0-9a-f]{6}$/i.test(text)
    ? `#${text.replace('#', '').toLowerCase()}`
    : new MustBe('six hexadecimal digits, such as 4f46e5');

/** `on` or `off`, or a common way to say so. */
export const onOff: Parser<boolean> = (text) => {
  const word = text.toLowerCase();
  if (['on', 'true', 'yes', '1'].includes(word)) return true;
  return ['off', 'false', 'no', '0'].includes(word) ? false : new MustBe('on or off');
};

/** One word of a list. */
export const oneOf =
  <const Word extends string>(words: readonly Word[]): Parser<Word> =>
  (text) =>
    words.find((word) => word === text.toLowerCase()) ?? new MustBe(`one of ${words.join(', ')}`);

/** Words between commas; none may be empty. */
export const list: Parser<string[]> = (text) => {
  const parts = text.split(',').map((part) => part.trim());
  return parts.includes('') ? new MustBe('a list with commas between its parts') : parts;
};

/** Whose word about the caller is believed: everybody's (true), nobody's (false), or that of these addresses and subnets. */
export const proxies: Parser<boolean | string[]> = (text) => {
  const isOn = onOff(text);
  if (typeof isOn === 'boolean') return isOn;
  const parts = text.split(',').map((part) => part.trim());
  return parts.every(isAddressOrSubnet)
    ? parts
    : new MustBe('off, on, or addresses and subnets such as 10.0.0.0/8 between commas');
};

const isAddressOrSubnet = (text: string): boolean => {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  const isWhole = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
  return family > 0 && isWhole && rest.length === 0;
};

/** An address or name to listen on, without scheme and port. */
export const hostname: Parser<string> = (text) =>
  isIP(text) > 0 || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(text)
    ? text
    : new MustBe('an address or host name alone, such as 127.0.0.1 or 0.0.0.0');

/** The address of an HTTP API, without a slash at its end. */
export const httpUrl: Parser<string> = (text) => {
  const url = parseUrl(text);
  const isPlain =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    url.username + url.password + url.search + url.hash === '';
  return isPlain
    ? text.replace(/\/+$/, '')
    : new MustBe('an http:// or https:// address without credentials, query or fragment');
};

/** Origins of web pages, in the form in which browsers send them; a path after one is dropped. */
export const origins: Parser<string[]> = (text) => {
  const found = text.split(',').map((part) => originOf(part.trim()));
  const known = found.filter((origin) => origin !== undefined);
  return known.length === found.length
    ? [...new Set(known)]
    : new MustBe(
        'a comma-separated list of origins such as https://chat.example.org (* is not possible, because logins travel along)',
      );
};

/** Browsers send `capacitor://localhost` for an app's own pages, which URL knows no origin of. */
const originOf = (value: string): string | undefined => {
  const url = parseUrl(value);
  if (url === undefined || url.host === '' || url.host.includes('*') || url.username !== '') return undefined;
  return url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin;
};

const parseUrl = (value: string) => (URL.canParse(value) ? new URL(value) : undefined);
