import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStorage, type Storage } from '../../src/storage/open-storage.ts';
import { openTcpRelay, type TcpRelay } from '../support/tcp-relay.ts';
import { describeEachEngine } from './each-engine.ts';
import { addUser } from './rows.ts';

const healedMs = 2_000;
const away = { code: 'storage-unavailable', retryAfterSeconds: 1 };

/** A database server at the end of a network that the test can cut. */
describeEachEngine(
  'a server that goes away',
  (fresh) => {
    let relay: TcpRelay;
    let url: string;
    let store: Storage;

    beforeEach(async () => {
      const target = new URL(fresh.url);
      const standard = fresh.engine === 'postgres' ? 5432 : 3306;
      relay = await openTcpRelay({ host: target.hostname, port: Number(target.port) || standard });
      target.hostname = '127.0.0.1';
      target.port = String(relay.port);
      url = target.href;
      store = await openStorage({ url, poolSize: 4, statementTimeoutMs: 300 });
    });
    afterEach(async () => {
      await store.close();
      await relay.close();
    });

    const names = async () => (await fresh.store.users.list({ after: null, limit: 99 })).length;
    const untilHealed = async () => {
      const since = performance.now();
      for (;;) {
        const error: unknown = await addUser(store).catch((thrown: unknown) => thrown);
        if (!(error instanceof Error)) break;
        expect(error).toMatchObject(away);
        expect(performance.now() - since).toBeLessThan(healedMs);
      }
      await store.ping();
    };

    test('is unavailable for readers and writers, and healed when it is back', async () => {
      await addUser(store);
      await relay.cut();
      const refused = await Promise.allSettled([
        ...Array.from({ length: 20 }, () => addUser(store)),
        ...Array.from({ length: 20 }, () => store.users.list({ after: null, limit: 1 })),
        store.ping(),
      ]);
      for (const outcome of refused) expect(outcome).toMatchObject({ status: 'rejected', reason: away });
      await relay.mend();
      await untilHealed();
      expect(await names()).toBe(2);
    });

    test('in the middle of a transaction leaves nothing of it, and has it run again', async () => {
      let runs = 0;
      const user = await store.transaction(async (tables) => {
        runs += 1;
        const made = await addUser(tables);
        if (runs === 1) {
          await relay.cut();
          await relay.mend();
        }
        await tables.users.lock(made.id);
        return made;
      });
      expect(runs).toBe(2);
      expect(await fresh.store.users.list({ after: null, limit: 9 })).toEqual([user]);
    });

    test('during a commit is not acknowledged, whatever became of it', async () => {
      let cut = Promise.resolve();
      const lost = store.transaction(async (tables) => {
        await addUser(tables);
        // Its last statement is answered; the commit is not.
        relay.freeze();
        cut = new Promise((resolve) => setImmediate(() => void relay.cut().then(resolve)));
      });
      await expect(lost).rejects.toMatchObject(away);
      await cut;
      await relay.mend();
      await untilHealed();
    });

    test('without a word holds nobody for longer than a statement may take', async () => {
      await Promise.all([store.ping(), addUser(store)]);
      relay.freeze();
      const outcomes = await Promise.allSettled([store.ping(), addUser(store)]);
      for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: away });
      await relay.mend();
      await untilHealed();
    });

    test('at the start is told in one sentence, without the password', async () => {
      const target = new URL(url);
      target.password = 'hunter2';
      await relay.cut();
      const error = await openStorage({ url: target.href }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'StorageError' });
      expect((error as Error).message).toMatch(
        /^The database \w+:\/\/\w+@127\.0\.0\.1:\d+\/\w+ cannot be used: /,
      );
      expect((error as Error).message).not.toContain('hunter2');
      await relay.mend();
    });
  },
  { only: ['postgres', 'mysql'] },
);
