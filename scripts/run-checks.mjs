import { availableParallelism } from 'node:os';
import { CommandFailed, runPackage } from './run-step.mjs';

/**
 * For the two that are written in Go: a third of their CPU went into collecting garbage of which they soon have a gigabyte, and no more.
 * It is a setting of Go's runtime (https://pkg.go.dev/runtime#hdr-Environment_Variables).
 */
const collectRarely = { env: { GOGC: '400' } };

/** What the compiler and the linters say about the whole repository. */
export const staticChecks = [
  {
    name: 'types',
    // Several checkers each look at the types of the packages: with one, it takes as long, and half of the CPU.
    run: () => runPackage('typescript/bin/tsc', ['-p', 'tsconfig.json', '--checkers', '1'], collectRarely),
  },
  { name: 'lint', run: () => runPackage('oxlint/bin/oxlint', [], collectRarely) },
  { name: 'dead code', run: () => runPackage('knip/bin/knip.js', ['--no-progress']) },
  { name: 'format', run: () => runPackage('oxfmt/bin/oxfmt', ['--check', '.']) },
];

const repositoryTests = ['test/architecture', 'test/documentation', 'test/storage/sql-snapshots'];

/** What tests say about the repository itself; `npm test` runs them among its suites. */
export const repositoryChecks = [
  {
    name: 'architecture, documentation and SQL',
    run: () => runPackage('vitest/vitest.mjs', ['run', ...repositoryTests]),
  },
];

/** Runs checks side by side, as many as there are cores, and prints a line for each. Gives how many passed and failed. */
export async function runChecks(checks) {
  const waiting = [...checks];
  const counts = { passed: 0, failed: 0 };
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift())
      counts[(await runCheck(check)) ? 'passed' : 'failed'] += 1;
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), checks.length) }, work));
  return counts;
}

async function runCheck({ name, run }) {
  const started = performance.now();
  const say = (word) =>
    console.log(`${word.padEnd(6)} ${name} (${((performance.now() - started) / 1_000).toFixed(1)} s)`);
  try {
    await run();
    say('ok');
    return true;
  } catch (error) {
    say('FAILED');
    console.log(error instanceof CommandFailed ? error.output.trimEnd() || error.message : error);
    return false;
  }
}
