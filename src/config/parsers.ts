import { isIP } from 'node:net';
import { z } from 'zod';

/** Text of at most `longest` characters. */
export const text = (longest: number) =>
  z.string().refine((value) => value.length <= longest, `at most ${longest} characters long`);

/** A whole number in plain decimal digits. */
export const wholeNumber = (least: number, most: number) => {
  const problem = `a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, problem)
    .transform(Number)
    .refine((value) => value >= least && value <= most, problem);
};

/** A number with or without decimals. */
export const decimal = (least: number, most: number) => {
  const problem = `a number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}(\.\d{1,9})?$/, problem)
    .transform(Number)
    .refine((value) => value >= least && value <= most, problem);
};

/** `on` or `off`, or a common way to say so. */
export const onOff = z
  .string()
  .toLowerCase()
  .regex(/^(on|off|true|false|yes|no|1|0)$/, 'on or off')
  .transform((value) => ['on', 'true', 'yes', '1'].includes(value));

/** One word of a list. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z
    .string()
    .toLowerCase()
    .pipe(z.enum(words, `one of ${words.join(', ')}`));

/** Words between commas; none may be empty. */
export const list = z
  .string()
  .transform((value) => value.split(',').map((part) => part.trim()))
  .refine((parts) => parts.every((part) => part !== ''), 'a list with commas between its parts');

/** An address or name to listen on, without scheme and port. */
export const hostname = z
  .string()
  .refine(
    (value) => isIP(value) > 0 || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(value),
    'an address or host name alone, such as 127.0.0.1 or 0.0.0.0',
  );

/** The address of an HTTP API, without a slash at its end. */
export const httpUrl = z
  .string()
  .refine((value) => {
    const url = parseUrl(value);
    return (
      url !== undefined &&
      /^https?:$/.test(url.protocol) &&
      url.username + url.password + url.search + url.hash === ''
    );
  }, 'an http:// or https:// address without credentials, query or fragment')
  .transform((value) => value.replace(/\/+$/, ''));

/** Origins of web pages, in the form in which browsers send them; a path after one is dropped. */
export const origins = list.pipe(
  z
    .array(z.string())
    .refine(
      (parts) => parts.every((part) => originOf(part) !== undefined),
      'a comma-separated list of origins such as https://chat.example.org (* is not possible, because logins travel along)',
    )
    .transform((parts) => [...new Set(parts.flatMap((part) => originOf(part) ?? []))]),
);

/** Browsers send `capacitor://localhost` for an app's own pages, which URL knows no origin of. */
const originOf = (value: string): string | undefined => {
  const url = parseUrl(value);
  if (url === undefined || url.host === '' || url.host.includes('*') || url.username !== '') return undefined;
  return url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin;
};

const parseUrl = (value: string) => (URL.canParse(value) ? new URL(value) : undefined);
