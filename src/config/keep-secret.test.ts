import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { keepSecret } from './keep-secret.ts';

const root = mkdtempSync(join(tmpdir(), 'parlance-secrets-'));
afterAll(() => rmSync(root, { recursive: true }));
const newFolder = () => join(mkdtempSync(join(root, 'case-')), 'data');
const modeOf = (path: string) => statSync(path).mode & 0o777;

const racers = 4;
const rounds = 10;
/** In every round, asks when everybody stands at the line; then says what it got. */
const racer = `
  const { parentPort, workerData: { module, folder, lines, racers } } = require('node:worker_threads');
  import(module).then(({ keepSecret }) => {
    const present = new Int32Array(lines);
    parentPort.postMessage(Array.from(present, (_, round) => {
      if (Atomics.add(present, round, 1) + 1 === racers) Atomics.notify(present, round);
      for (let seen = Atomics.load(present, round); seen < racers; seen = Atomics.load(present, round))
        Atomics.wait(present, round, seen);
      return keepSecret(folder + round, 'key');
    }));
  });
`;

/** Threads load JavaScript only. Gives the address of the compiled module. */
function compile(file: string): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url));
  const options =
    '--ignoreConfig --module nodenext --target es2023 --rewriteRelativeImportExtensions --types node --noCheck';
  execFileSync(tsc, [...options.split(' '), '--rootDir', here, '--outDir', root, join(here, file)]);
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  return pathToFileURL(join(root, file.replace(/ts$/, 'js'))).href;
}

describe('a kept secret', () => {
  it('is made once and stays', () => {
    const folder = newFolder();
    const secret = keepSecret(folder, 'key');
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(keepSecret(folder, 'key')).toBe(secret);
    expect(keepSecret(folder, 'other')).not.toBe(secret);
    expect(keepSecret(newFolder(), 'key')).not.toBe(secret);
  });

  it('is readable by its owner only', () => {
    const folder = newFolder();
    keepSecret(folder, 'key');
    expect(modeOf(folder)).toBe(0o700);
    expect(modeOf(join(folder, 'secrets'))).toBe(0o700);
    expect(modeOf(join(folder, 'secrets', 'key'))).toBe(0o600);
    chmodSync(join(folder, 'secrets', 'key'), 0o644);
    keepSecret(folder, 'key');
    expect(modeOf(join(folder, 'secrets', 'key'))).toBe(0o600);
  });

  it('leaves nothing else behind', () => {
    const folder = newFolder();
    keepSecret(folder, 'key');
    expect(readdirSync(join(folder, 'secrets'))).toEqual(['key']);
  });

  it('is the same for all who ask at once', async () => {
    const folder = newFolder();
    const lines = new SharedArrayBuffer(4 * rounds);
    const workerData = { module: compile('keep-secret.ts'), folder, lines, racers };
    const workers = Array.from({ length: racers }, () => new Worker(racer, { eval: true, workerData }));
    const answers = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]));
    const kept = Array.from({ length: rounds }, (_, round) => keepSecret(folder + String(round), 'key'));
    expect(answers).toEqual(Array.from({ length: racers }, () => kept));
  });

  it('that was cut short is refused, not replaced', () => {
    const folder = newFolder();
    keepSecret(folder, 'key');
    writeFileSync(join(folder, 'secrets', 'key'), 'short');
    expect(() => keepSecret(folder, 'key')).toThrow(ConfigError);
    expect(() => keepSecret(folder, 'key')).toThrow(/^DATA_DIR: the secret .* is too short/);
  });

  it('in a place that is no folder is one clear line', () => {
    const folder = newFolder();
    writeFileSync(folder, '');
    expect(() => keepSecret(folder, 'key')).toThrow(
      /^DATA_DIR: the secret [^\n]* cannot be read or written \(ENOTDIR\)/,
    );
  });
});
