import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Suites that run the built server as processes of their own, after all others. */
const builtSuites = ['ai-backend', 'browser', 'cli', 'conformance', 'faults'];

/** What a built suite starts for all its files, once there is a build. */
const setups: Record<string, string[]> = { conformance: ['./test/conformance/shared-server.ts'] };

/** Every folder under `test/` is a suite of its name, so that no test is ever left out of all suites. */
const folders = readdirSync('test', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'support')
  .map((entry) => entry.name);

export default defineConfig({
  test: {
    // One more than most machines have cores for: the files of the built suites wait more than they work.
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      suite('unit', ['src/**/*.test.ts', 'test/support/**/*.test.ts', 'scripts/**/*.test.ts']),
      ...folders.map((name) => suite(name, [`test/${name}/**/*.test.ts`])),
    ],
  },
});

function suite(name: string, include: string[]) {
  const isBuilt = builtSuites.includes(name);
  return {
    test: {
      name,
      include,
      testTimeout: isBuilt ? 120_000 : 30_000,
      hookTimeout: isBuilt ? 120_000 : 30_000,
      expect: { requireAssertions: true },
      // Loading the product anew for each file took a third of the whole run. A test that leaves something behind is to be mended.
      isolate: false,
      ...(isBuilt
        ? {
            globalSetup: ['./scripts/build-before-tests.mjs', ...(setups[name] ?? [])],
            sequence: { groupOrder: 1 },
          }
        : {}),
    },
  };
}
