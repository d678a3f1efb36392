import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { builtProgram } from '../support/built-program.ts';

export type Ran = { code: number | null; stdout: string; stderr: string };

/** Runs `parlance` as somebody at a terminal would, and what they would type on standard input. Resolves when it has ended. */
export async function runCommand(
  words: readonly string[],
  env: Record<string, string>,
  input = '',
): Promise<Ran> {
  const child = spawn(process.execPath, [...builtProgram, ...words], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    // A folder without .env: what the developer has set for himself is no part of the test.
    cwd: tmpdir(),
  });
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}
