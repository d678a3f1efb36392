import { afterEach, beforeEach, describe } from 'vitest';
import type { Storage } from '../../src/storage/open-storage.ts';
import { openTempStorage, type TempStorage } from '../support/temp-storage.ts';

/** The databases that the suite runs on. A new engine is one more line. */
const engines: readonly { name: string; open: () => Promise<TempStorage> }[] = [
  { name: 'sqlite', open: openTempStorage },
];

/** What a test of any engine has: a fresh database. */
export type Fresh = { readonly store: Storage; readonly url: string };

/** Runs a suite on every engine, with a fresh database for each test. */
export const describeEachEngine = (name: string, suite: (fresh: Fresh) => void): void => {
  describe.each(engines)(`${name} on $name`, ({ open }) => {
    let current: TempStorage | undefined;
    const opened = (): TempStorage => {
      if (!current) throw new Error('There is a database inside of tests only');
      return current;
    };
    beforeEach(async () => {
      current = await open();
    });
    afterEach(async () => {
      await current?.dispose();
      current = undefined;
    });
    suite({
      get store() {
        return opened().store;
      },
      get url() {
        return opened().url;
      },
    });
  });
};
