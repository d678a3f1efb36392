import { databaseNotices } from './database-settings.ts';
import type { Environment } from './parse-settings.ts';

/** Names from the documentation of the backends that this server replaces, which would otherwise vanish without a word. */
export const unusedNames = ['SMTP_URL'];

/** Sentences about what was given and is not used. */
export function noticesOf(sources: readonly Environment[]): string[] {
  const unused = unusedNames
    .filter((name) => sources.some((source) => (source[name] ?? '') !== ''))
    .map((name) => `${name} is set, but this version does not use it.`);
  return [...databaseNotices(sources), ...unused];
}
