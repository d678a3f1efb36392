import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** A password typed twice without being shown, or the first line of standard input where that is no terminal. */
export async function readPassword(): Promise<string> {
  if (!process.stdin.isTTY) return readFirstLine();
  const first = await ask('Password: ');
  const second = await ask('Again: ');
  if (first !== second) throw new RangeError('The two passwords differ; nothing was changed.');
  return first;
}

async function readFirstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line;
  throw new RangeError('No password was given on standard input.');
}

async function ask(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
