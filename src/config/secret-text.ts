import { z } from 'zod';

const leastBytes = 32;
const leastDifferentCharacters = 8;

/** What templates and tutorials write where a secret belongs, after everything but letters and digits is taken out. */
const placeholders =
  /changeme|changethis|changein|replaceme|replacethis|placeholder|(my|your|insert|enter|some)(own|random|very|super|new|flask|jwt)*(secret|key)|supersecret|secretkeyhere|secrethere|keyhere|devsecret|devkey|notsecret|forproduction|inproduction/;

/** A secret that nobody else knows: long enough, and not copied from a template. */
export const secretText = z
  .string()
  .refine(
    (value) => !placeholders.test(value.toLowerCase().replace(/[^a-z0-9]/g, '')),
    'a secret of your own, not a placeholder: leave it out and one is made, or use the output of "openssl rand -hex 32"',
  )
  .refine(
    (value) => Buffer.byteLength(value) >= leastBytes && new Set(value).size >= leastDifferentCharacters,
    `at least ${leastBytes} random bytes: leave it out and one is made, or use the output of "openssl rand -hex 32"`,
  );
