import { afterEach, beforeEach, describe, test } from 'vitest';
import type { EngineName } from '../../src/storage/engines/engine.ts';
import { loadDriver } from '../../src/storage/engines/sqlite/driver.ts';
import { openStorage, type Storage } from '../../src/storage/open-storage.ts';
import {
  databaseServers,
  type DatabaseServer,
  type TestDatabase,
} from '../support/databases/database-server.ts';
import { openTempStorage } from '../support/temp-storage.ts';

/** What a test of any engine has: a fresh database. */
export type Fresh = {
  readonly engine: EngineName;
  readonly store: Storage;
  readonly url: string;
  /** What the database says of its tables. */
  schema(): Promise<unknown[]>;
  /** The database itself, where it is on a server. */
  readonly database?: TestDatabase;
};

type Opened = Fresh & {
  /** `own`: the test changes the schema, so that the database is of no use to another one. */
  dispose(own: boolean): Promise<void>;
};
type EngineUnderTest = {
  name: EngineName;
  /** Why it is left out, where it is. */
  missing: string | undefined;
  open: (own: boolean) => Promise<Opened>;
};

const sqlite: EngineUnderTest = {
  name: 'sqlite',
  missing: undefined,
  open: async () => {
    const temp = await openTempStorage();
    return { ...temp, engine: 'sqlite', schema: async () => sqliteSchema(temp.url) };
  },
};

const sqliteSchema = (url: string): unknown[] => {
  const { DatabaseSync } = loadDriver();
  const database = new DatabaseSync(url.replace('sqlite:', ''), { timeout: 1000 });
  try {
    return database.prepare('select type, name, sql from sqlite_master order by name').all();
  } finally {
    database.close();
  }
};

/** One database for all tests of a worker that leave its schema alone, emptied between them. */
const onServer = (server: DatabaseServer): Omit<EngineUnderTest, 'missing'> => {
  let shared: Promise<{ database: TestDatabase; store: Storage }> | undefined;
  const make = async () => {
    const database = await server.create();
    return { database, store: await openStorage({ url: database.url, poolSize: 6 }) };
  };
  return {
    name: server.name,
    open: async (own) => {
      const made = own ? make() : (shared ??= make());
      const { database, store } = await made;
      return {
        engine: server.name,
        store,
        url: database.url,
        schema: () => database.schema(),
        database,
        dispose: async () => {
          if (own) {
            await store.close();
            await database.drop();
            return;
          }
          await database.empty();
          // A test may have closed it.
          shared = store.ping().then(
            () => made,
            async () => ({ database, store: await openStorage({ url: database.url, poolSize: 6 }) }),
          );
        },
      };
    },
  };
};

const engines: readonly EngineUnderTest[] = [
  sqlite,
  ...(await Promise.all(
    databaseServers.map(async (server) => {
      const isThere = await server.isThere();
      if (!isThere && process.env['CI'] === 'true')
        throw new Error(
          `The storage suite needs a ${server.name} server here: name it with ${server.variable}`,
        );
      const missing = isThere ? undefined : `no ${server.name} server answers; ${server.variable} names one`;
      return { ...onServer(server), missing };
    }),
  )),
];

/** Runs a suite on every engine that is there, with a fresh database for each test. `own`: its tests change the schema. */
export const describeEachEngine = (
  name: string,
  suite: (fresh: Fresh) => void,
  {
    own = false,
    only = ['sqlite', 'postgres', 'mysql'],
  }: { own?: boolean; only?: readonly EngineName[] } = {},
): void => {
  const chosen = engines.filter(({ name: engine }) => only.includes(engine));
  describe.each(chosen.filter(({ missing }) => missing !== undefined))(`${name} on $name`, ({ missing }) => {
    test.runIf(missing === undefined)(`because ${missing}`, () => undefined);
  });
  describe.each(chosen.filter(({ missing }) => missing === undefined))(`${name} on $name`, (under) => {
    const { open, name: engine } = under;
    let current: Opened | undefined;
    const opened = (): Opened => {
      if (!current) throw new Error('There is a database inside of tests only');
      return current;
    };
    beforeEach(async () => {
      current = await open(own);
    });
    afterEach(async () => {
      await current?.dispose(own);
      current = undefined;
    });
    suite({
      engine,
      get store() {
        return opened().store;
      },
      get url() {
        return opened().url;
      },
      schema: () => opened().schema(),
      get database() {
        const { database } = opened();
        if (!database) throw new Error('The database is a file');
        return database;
      },
    });
  });
};
