import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from './config-error.ts';

const secretBytes = 32;

/** Where `keepSecret` keeps a secret. */
export const secretPath = (dataDir: string, name: string): string => join(dataDir, 'secrets', name);

/**
 * The secret of this name that is kept in the data folder; made there, readable by its owner only, when there is none.
 * Processes that ask at the same time get the same one. @throws ConfigError when the folder cannot be used
 */
export function keepSecret(dataDir: string, name: string): string {
  const path = secretPath(dataDir, name);
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return readSecret(path) ?? makeSecret(folder, path);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new ConfigError(
      `DATA_DIR: the secret ${path} cannot be read or written (${code}); let this user write to that folder or choose another.`,
    );
  }
}

function readSecret(path: string): string | undefined {
  let content: string;
  try {
    content = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  if (Buffer.byteLength(content) < secretBytes)
    throw new ConfigError(
      `DATA_DIR: the secret ${path} is too short; restore it, or remove it to sign everyone out and have a new one made.`,
    );
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  return content;
}

/** Linking a finished file to its name is the one step that either happens whole or not, and only for the first who tries. */
function makeSecret(folder: string, path: string): string {
  const draft = join(folder, `.draft-${process.pid}-${randomBytes(6).toString('hex')}`);
  const secret = randomBytes(secretBytes).toString('base64url');
  try {
    const file = openSync(draft, 'wx', 0o600);
    try {
      writeSync(file, `${secret}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    linkSync(draft, path);
    return secret;
  } catch (error) {
    const kept =
      error instanceof Error && 'code' in error && error.code === 'EEXIST' ? readSecret(path) : undefined;
    if (kept === undefined) throw error;
    return kept;
  } finally {
    rmSync(draft, { force: true });
  }
}
