import { MustBe } from './parser.ts';
import type { Parser } from './parser.ts';

const leastBytes = 32;
const leastDifferentCharacters = 8;
const advice = 'leave it out and one is made, or use the output of "openssl rand -hex 32"';

/** What templates and tutorials write where a secret belongs, after everything but letters and digits is taken out. */
const placeholders =
  /changeme|changethis|changein|replaceme|replacethis|placeholder|(my|your|insert|enter|some)(own|random|very|super|new|flask|jwt)*(secret|key)|supersecret|secretkeyhere|secrethere|keyhere|devsecret|devkey|notsecret|forproduction|inproduction/;

/** A secret that nobody else knows: long enough, and not copied from a template. */
export const secretText: Parser<string> = (text) => {
  if (placeholders.test(text.toLowerCase().replace(/[^a-z0-9]/g, '')))
    return new MustBe(`a secret of your own, not a placeholder: ${advice}`);
  const isRandom = Buffer.byteLength(text) >= leastBytes && new Set(text).size >= leastDifferentCharacters;
  return isRandom ? text : new MustBe(`at least ${leastBytes} random bytes: ${advice}`);
};
