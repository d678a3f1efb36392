import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Starts a program and waits until its output matches. The child ends with `stop`, and when this process ends.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ ready: RegExp, env?: Record<string, string>, cwd?: string }} options
 */
export async function startChild(command, args, { ready, env = {}, cwd }) {
  const startedAt = performance.now();
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    // The programs of the bench end when their standard input does.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = once(child, 'exit');
  let output = '';
  const match = await new Promise((resolve, reject) => {
    const read = (bytes) => {
      output = (output + bytes).slice(-10_000);
      const found = ready.exec(output);
      if (found) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}:\n${output}`)));
  });
  return {
    match,
    pid: child.pid ?? 0,
    startedAt,
    /** SIGTERM; resolves when it is gone. */
    async stop() {
      process.off('exit', kill);
      child.kill('SIGTERM');
      await exited;
    },
  };
}
