import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, it } from 'vitest';
import { temporaryFolder } from '../support/server-process.ts';

const root = resolve(import.meta.dirname, '../..');

describe('npm start', () => {
  const folders: ReturnType<typeof temporaryFolder>[] = [];
  afterAll(() => folders.forEach(({ remove }) => remove()));

  /** `npm start` as somebody types it, in a process group of its own, as a terminal gives it. */
  function npmStart(...words: string[]) {
    const data = temporaryFolder();
    folders.push(data);
    const child = spawn('npm', ['start', ...(words.length > 0 ? ['--', ...words] : [])], {
      cwd: root,
      detached: true,
      env: { ...process.env, DATA_DIR: data.folder, PORT: '0', LOG_LEVEL: 'warn' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = text(child.stdout);
    const code = once(child, 'exit').then(([value]) => value as number | null);
    return { child, output, code };
  }

  /** Resolves when the server says that it runs. */
  function isRunning({ child, code }: ReturnType<typeof npmStart>): Promise<void> {
    return new Promise((resolveRunning, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        if (chunk.includes('Ctrl-C stops')) resolveRunning();
      });
      void code.then((value) => reject(new Error(`npm start ended with ${value}`)));
    });
  }

  it.concurrent('ends with 0 at a Ctrl-C, of which the terminal tells npm and the server, and npm the server again', async ({
    expect,
  }) => {
    const started = npmStart();
    await isRunning(started);
    process.kill(-(started.child.pid ?? Number.NaN), 'SIGINT');
    expect(await started.code).toBe(0);
  });

  it.concurrent('ends with 0 when its supervisor sends SIGTERM to npm alone', async ({ expect }) => {
    const started = npmStart();
    await isRunning(started);
    started.child.kill('SIGTERM');
    expect(await started.code).toBe(0);
  });

  it.concurrent.for([
    ['--help', /Usage: parlance \[options\] \[command\][^]*\n {2}serve [^]*\n {2}user [^]*\n {2}doctor /],
    ['user create npm-starter --generate', /^created .* npm-starter /m],
    ['doctor', /^ok +database /m],
  ] as const)('passes on what stands behind --: %s', async ([words, said], { expect }) => {
    const ran = npmStart(...words.split(' '));
    expect(await ran.output).toMatch(said);
    expect(await ran.code).toBe(0);
  });
});
