import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { builtProgram } from '../support/built-program.ts';

export type BackendProcess = {
  port: number;
  child: ChildProcess;
  /** All that it has printed. */
  output(): string;
  /** Ends it at once, as a power cut would. Resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with its exit code. */
  stop(): Promise<number | null>;
};

/** Runs `parlance ai-backend` as a user would. Resolves when it listens; rejects with its output when it ends before. */
export async function startBackendProcess(
  env: Record<string, string> = {},
  port = 0,
): Promise<BackendProcess> {
  const child = spawn(process.execPath, [...builtProgram, 'ai-backend', '--port', String(port)], {
    env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn', ...env },
    // A folder without .env: what the developer has set for himself is no part of the test.
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const listening = await new Promise<number>((found, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const told = /answers over gRPC on 127\.0\.0\.1:(\d+)/.exec(output)?.[1];
      if (told) found(Number(told));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void exited.then(([code]) => reject(new Error(`The AI backend ended with ${code}:\n${output}`)));
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const [code] = await exited;
    return code;
  };
  return {
    port: listening,
    child,
    output: () => output,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}
