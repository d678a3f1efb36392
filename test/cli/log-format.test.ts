import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, describe, it } from 'vitest';
import { builtProgram } from '../support/built-program.ts';
import { temporaryFolder } from '../support/server-process.ts';

const data = temporaryFolder();
afterAll(data.remove);

/** Serves until it says so, and stops at a Ctrl-C; all that it has printed. */
async function printed(program: string, words: readonly string[], env: Record<string, string>) {
  const child = spawn(program, words, {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', OLLAMA_URL: 'off', DATA_DIR: data.folder, ...env },
    cwd: data.folder,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdout.on('data', (chunk: Buffer) => {
    if (!chunk.includes('Ctrl-C stops')) return;
    if (program === process.execPath) child.kill('SIGINT');
    // To a terminal it is typed.
    else child.stdin.write('\u0003');
  });
  return text(child.stdout);
}

describe('the log of a server', () => {
  const serve = [...builtProgram, 'serve'];

  it('is JSON lines for a program that collects them', async ({ expect }) => {
    const lines = (await printed(process.execPath, serve, {})).split('\n');
    const logged = lines.filter((line) => line.includes('Server listening'));
    expect(logged.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ level: 30 }]);
  });

  it.runIf(process.platform === 'linux')('is text on a terminal', async ({ expect }) => {
    const command = [process.execPath, ...serve].map((word) => `'${word}'`).join(' ');
    const output = await printed('script', ['--quiet', '--return', '--command', command, '/dev/null'], {});
    expect(output).toMatch(/^\d\d:\d\d:\d\d Server listening at http:/m);
    expect(output).not.toContain('{');
  });

  it('is text where that is asked for', async ({ expect }) => {
    const output = await printed(process.execPath, serve, { LOG_FORMAT: 'text' });
    expect(output).toMatch(/^\d\d:\d\d:\d\d Server listening at http:/m);
  });
});
