import { isUtf8 } from 'node:buffer';
import { DomainError } from '../core/errors.ts';

/** How deep arrays and objects of a body may be nested: what comes after the parser can walk it without counting. */
const maxJsonDepth = 64;

/**
 * A JSON body; no bytes at all are no body (undefined).
 * @throws DomainError `request-malformed` (not JSON, not UTF-8), `request-too-deep`, `key-forbidden`
 */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new DomainError('request-malformed');
  if (isTooDeep(bytes)) throw new DomainError('request-too-deep');
  const text = bytes.toString('utf8');
  const value = parse(text);
  if (mayNameForbiddenKey.test(text) && hasForbiddenKey(value)) throw new DomainError('key-forbidden');
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new DomainError('request-malformed', { cause });
  }
}

const [quote, backslash, openArray, closeArray, openObject, closeObject] = Buffer.from('"\\[]{}');

/** Counts brackets outside strings, before anything is built. */
function isTooDeep(bytes: Buffer): boolean {
  // Every level takes a bracket: a short body cannot be deep.
  if (bytes.length <= maxJsonDepth) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === backslash) at++;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === openArray || byte === openObject) {
      if (++depth > maxJsonDepth) return true;
    } else if (byte === closeArray || byte === closeObject) depth--;
  }
  return false;
}

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);
/** Spelled out or hidden behind an escape: only then the keys are looked at. */
const mayNameForbiddenKey = /__proto__|constructor|prototype|\\u00/i;

function hasForbiddenKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasForbiddenKey);
  return Object.entries(value).some(([key, inner]) => forbiddenKeys.has(key) || hasForbiddenKey(inner));
}
