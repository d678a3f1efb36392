import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const tickMs = 1_000;
const quietTicks = 10;
const endSignals = ['SIGINT', 'SIGTERM'];

/**
 * Runs one long step and says how it goes on standard error: live on a terminal, every ten seconds elsewhere.
 * Resolves with the step's result; a throw is passed on after its line.
 */
export async function runStep(label, work) {
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1_000).toFixed(1);
  const isTerminal = process.stderr.isTTY;
  let ticks = 0;
  process.stderr.write(isTerminal ? `${label} ...` : `${label} ...\n`);
  const ticker = setInterval(() => {
    ticks += 1;
    if (isTerminal) process.stderr.write(`\r${label} ... ${Math.round(Number(seconds()))} s`);
    else if (ticks % quietTicks === 0)
      process.stderr.write(`${label} ... ${Math.round(Number(seconds()))} s\n`);
  }, tickMs);
  const end = (word) =>
    process.stderr.write(`${isTerminal ? '\r' : ''}${label}: ${word} after ${seconds()} s\n`);
  try {
    const result = await work();
    end('done');
    return result;
  } catch (error) {
    end('failed');
    throw error;
  } finally {
    clearInterval(ticker);
  }
}

/** A program that ended badly; `output` is all it said. */
export class CommandFailed extends Error {
  constructor(command, code, output) {
    super(`${command} ended with ${code}`);
    this.output = output;
  }
}

/**
 * Runs a program in the repository and gives what it said. With `show`, it speaks for itself and nothing is kept. `env` is added to
 * the environment.
 * A signal to end this process ends the program first.
 */
export function runCommand(command, args, { show = false, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk) => (output += chunk);
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);

    const forward = (signal) => child.kill(signal);
    for (const signal of endSignals) process.on(signal, forward);
    const settle = (problem) => {
      for (const signal of endSignals) process.off(signal, forward);
      if (problem === undefined) resolve(output);
      else reject(new CommandFailed(command, problem, output));
    };
    child.once('error', (error) => settle(error.message));
    child.once('close', (code, signal) => settle(code === 0 ? undefined : (code ?? signal)));
  });
}

/** Runs a program of an installed package. */
export function runPackage(file, args, options) {
  return runCommand(process.execPath, [`${root}node_modules/${file}`, ...args], options);
}

/** Says why it cannot go on, and ends the process. */
export function stop(sentence, error) {
  if (error instanceof CommandFailed && error.output.trim() !== '') console.error(error.output.trim());
  console.error(sentence);
  process.exit(1);
}
