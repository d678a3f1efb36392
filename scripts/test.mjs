import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countTests } from './count-tests.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { requireNode } from './require-node.mjs';
import { runChecks, staticChecks } from './run-checks.mjs';
import { runPackage } from './run-step.mjs';

const started = performance.now();
requireNode();
await ensureInstalled({ dev: true });
await ensureBuilt();

const only = process.argv.slice(2);
/** Minutes of faults on database servers: for CI, and for whoever names them. */
const leavesOutLong = only.length === 0 && !process.env['CI'];
const checks = only.length === 0 ? await runChecks(staticChecks) : { passed: 0, failed: 0 };
const tests = await runSuites();

if (only.length > 0)
  console.log(`Left out: the checks, and every suite that "${only.join(' ')}" does not choose.`);
if (leavesOutLong)
  console.log(
    'Left out: the long suites, and some ways to ask failing AIs (`CI=true npm test` leaves out nothing).',
  );
for (const name of tests.skipped) console.log(`Skipped: ${name}`);
console.log(`Of these, ${checks.passed + checks.failed} are checks (types, lint, dead code, format).`);
console.log(`Took ${((performance.now() - started) / 1_000).toFixed(0)} s.`);
const failed = checks.failed + tests.failed;
console.log(`${checks.passed + tests.passed} passed, ${failed} failed, ${tests.skipped.length} skipped`);
process.exitCode = failed === 0 ? 0 : 1;

async function runSuites() {
  const folder = mkdtempSync(join(tmpdir(), 'parlance-test-'));
  const report = join(folder, 'report.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...only];
  if (leavesOutLong) args.push('--project=!long');
  try {
    const endedWell = await runPackage('vitest/vitest.mjs', args, { show: true }).then(
      () => true,
      () => false,
    );
    return countTests(report, endedWell);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
