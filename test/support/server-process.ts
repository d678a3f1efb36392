import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtProgram } from './built-program.ts';
import { chosenDatabase } from './databases/chosen-database.ts';

export type ServerProcess = {
  url: string;
  child: ChildProcess;
  /** All that it has printed. */
  output(): string;
  /** Ends it at once, as a power cut would. Resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with its exit code. */
  stop(): Promise<number | null>;
};

/** Starts the built server as a user would, on a free port. Resolves when it serves; rejects with its output when it ends before. */
export async function startServerProcess(env: Record<string, string>): Promise<ServerProcess> {
  const database = await chosenDatabase(env['DATA_DIR']);
  const settings = { LOG_LEVEL: 'warn', PORT: '0', OLLAMA_URL: 'off', ...database, ...env };
  const child = spawn(process.execPath, [...builtProgram, 'serve'], {
    env: { PATH: process.env['PATH'] ?? '', ...settings },
    // A folder without .env: what the developer has set for himself is no part of the test.
    cwd: env['DATA_DIR'] ?? tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const url = await new Promise<string>((resolveUrl, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const found = /running on (http:\/\/\S+)/.exec(output)?.[1];
      if (found) resolveUrl(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void exited.then(([code]) => reject(new Error(`The server ended with ${code}:\n${output}`)));
  });
  return {
    url,
    child,
    output: () => output,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      const [code] = await exited;
      return code;
    },
  };
}

/** A new empty folder, and its removal. */
export function temporaryFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'parlance-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
