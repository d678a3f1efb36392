import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest, begun first: at the end, all others would wait for it. What mostly waits stands between what computes, or the
 * cores would be idle together.
 */
const longest = [
  'faults/kill-node',
  'faults/dependency-away',
  'faults/history',
  'faults/kill',
  'faults/provider-faults',
  'isolation/matrix',
  'conformance/amanda/voice',
  'browser/pages',
  'api/malformed',
  'faults/storage-away',
  'faults/bounds',
  'storage/search-walks',
  'faults/stop',
  'storage/migrations',
  'faults/duplicates',
  'faults/local-providers',
  'conformance/amanda/failing-replies',
  'browser/event-source',
  'storage/servers-away',
  'providers/vendor-faults',
];

/** What keeps a machine busy for minutes: `npm test` leaves it out and says so, except in CI. Named, it runs. */
const long = ['kill-node', 'dependency-away', 'history'].map((name) => `test/faults/${name}.test.ts`);

/** What holds the server to a time: it would measure the other suites as well, so it runs after them, one file at a time. */
const timed = ['test/faults/revocation.test.ts', 'test/faults/expiry.test.ts'];

const common = {
  // Those that start processes wait for them, and the machine may be doing much else.
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
    // One more than the machine has cores: what talks to processes of its own waits at times. Two more cost more than they win.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: longestFirst() },
    // Not a project for each suite: every project transforms and loads the product anew, which took a third of the whole run.
    // One suite is chosen by its folder: `npm test -- test/storage`.
    projects: [
      project('suites', {
        include: ['{src,scripts,test}/**/*.test.ts'],
        exclude: [...timed, ...long],
        globalSetup: [...common.globalSetup, './test/conformance/shared-server.ts'],
      }),
      project('long', { include: long }),
      project('timed', { include: timed, maxWorkers: 2, sequence: { groupOrder: 1 } }),
    ],
  },
});

function project(name: string, options: object) {
  return {
    test: {
      name,
      ...common,
      expect: { requireAssertions: true },
      // Loading the product anew for each file took a third of the whole run. A test that leaves something behind is to be mended.
      isolate: false,
      // With room for what dies young, a twentieth of the CPU of a run is not spent on collecting it.
      execArgv: ['--min-semi-space-size=16', '--max-semi-space-size=64'],
      ...options,
    },
  };
}

function longestFirst() {
  const placeOf = ({ moduleId }: TestSpecification): number => {
    const place = longest.findIndex((file) => moduleId.endsWith(`test/${file}.test.ts`));
    return place < 0 ? longest.length : place;
  };
  return class extends BaseSequencer {
    override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      return Promise.resolve(files.toSorted((one, other) => placeOf(one) - placeOf(other)));
    }
  };
}
