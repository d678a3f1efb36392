import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError } from './config-error.ts';
import type { Environment } from './parse-settings.ts';

/** What a `.env` file says; nothing when there is none. @throws ConfigError naming the file and line that cannot be read */
export function readEnvFile(path: string): Environment {
  const content = contentOf(path);
  const line = firstMalformedLine(content);
  if (line !== undefined)
    throw new ConfigError(`${path} cannot be read: line ${line} is not NAME=value, a comment or empty.`);
  return parseEnv(content);
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ENOENT') return '';
    throw new ConfigError(`${path} cannot be read (${code}); make it a readable file or remove it.`);
  }
}

/** The parser of Node silently joins or drops what it does not understand, so that a setting could vanish unnoticed. */
function firstMalformedLine(content: string): number | undefined {
  let quote: string | undefined;
  let openedAt = 0;
  for (const [index, line] of content.split(/\r?\n/).entries()) {
    let rest = line;
    if (quote === undefined) {
      if (/^\s*(#|$)/.test(line)) continue;
      const value = /^\s*(?:export\s+)?[A-Za-z_]\w*\s*=\s*(.*)$/.exec(line)?.[1];
      if (value === undefined) return index + 1;
      quote = /^["'`]/.exec(value)?.[0];
      if (quote === undefined) continue;
      openedAt = index + 1;
      rest = value.slice(1);
    }
    const end = rest.indexOf(quote);
    if (end < 0) continue;
    if (!/^\s*(#|$)/.test(rest.slice(end + 1))) return index + 1;
    quote = undefined;
  }
  return quote === undefined ? undefined : openedAt;
}
