import { readFileSync } from 'node:fs';

/**
 * Reads the JSON report of a run of vitest. A file that broke before or outside its tests counts as one failure, and so does a
 * run that ended badly without any.
 */
export function countTests(reportFile, endedWell) {
  const files = readFiles(reportFile);
  const tests = files.flatMap((file) => file.assertionResults);
  const count = (...states) => tests.filter((test) => states.includes(test.status)).length;
  const brokenFiles = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = count('failed') + brokenFiles;
  return {
    passed: count('passed'),
    failed: failed === 0 && !endedWell ? 1 : failed,
    skipped: tests.filter((test) => !['passed', 'failed'].includes(test.status)).map((test) => test.fullName),
  };
}

function readFiles(reportFile) {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8')).testResults;
  } catch {
    // The run died before it could report: the caller knows that it did not end well.
    return [];
  }
}
