import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Suites that run the built server as processes of their own. */
const builtSuites = ['ai-backend', 'browser', 'cli', 'conformance', 'faults'];

/** What takes longest, begun first: at the end, all others would wait for it. */
const longest = [
  'faults/kill-node',
  'faults/dependency-away',
  'faults/history',
  'faults/kill',
  'faults/provider-faults',
  'isolation/matrix',
  'cli/limits',
];

/** Every folder under `test/` is a suite, so that no test is ever left out of all of them. */
const folders = readdirSync('test', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'support')
  .map((entry) => entry.name);
const filesOf = (names: string[]): string[] => names.map((name) => `test/${name}/**/*.test.ts`);

/** What keeps a machine busy for minutes: `npm test` leaves it out and says so, except in CI. Named, it runs. */
const long = ['kill-node', 'dependency-away', 'history'].map((name) => `test/faults/${name}.test.ts`);

/** What holds the server to a time: it would measure the other suites as well, so it runs after them, one file at a time. */
const timed = ['test/faults/revocation.test.ts', 'test/faults/expiry.test.ts'];

const built = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  globalSetup: [
    './scripts/build-before-tests.mjs',
    './test/support/compile-once.ts',
    './test/support/databases/sweep-databases.ts',
  ],
};

export default defineConfig({
  test: {
    // More than most machines have cores for: the files of the built suites wait more than they work.
    maxWorkers: availableParallelism() + 2,
    sequence: { sequencer: longestFirst() },
    // Not a project for each suite: every project transforms and loads the product anew, and this was a fifth of the whole run.
    // One suite is chosen by its folder: `npm test -- test/storage`.
    projects: [
      project('in-process', {
        include: [
          'src/**/*.test.ts',
          'test/support/**/*.test.ts',
          'scripts/**/*.test.ts',
          ...filesOf(folders.filter((name) => !builtSuites.includes(name))),
        ],
        globalSetup: './test/support/databases/sweep-databases.ts',
        testTimeout: 30_000,
        hookTimeout: 30_000,
      }),
      project('built', {
        ...built,
        include: filesOf(builtSuites.filter((name) => name !== 'conformance')),
        exclude: [...timed, ...long],
      }),
      project('long', { ...built, include: long }),
      project('timed', { ...built, include: timed, maxWorkers: 1, sequence: { groupOrder: 1 } }),
      project('conformance', {
        ...built,
        include: filesOf(['conformance']),
        globalSetup: [...built.globalSetup, './test/conformance/shared-server.ts'],
      }),
    ],
  },
});

function project(name: string, options: object) {
  return {
    test: {
      name,
      expect: { requireAssertions: true },
      // Loading the product anew for each file took a third of the whole run. A test that leaves something behind is to be mended.
      isolate: false,
      ...options,
    },
  };
}

function longestFirst() {
  // The rest project by project: a worker serves one of them.
  const placeOf = ({ project: { name }, moduleId }: TestSpecification): string => {
    const place = longest.findIndex((file) => moduleId.endsWith(`test/${file}.test.ts`));
    return `${String(place < 0 ? longest.length : place).padStart(2, '0')} ${name}`;
  };
  return class extends BaseSequencer {
    override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      return Promise.resolve(files.toSorted((one, other) => placeOf(one).localeCompare(placeOf(other))));
    }
  };
}
