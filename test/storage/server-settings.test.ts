import { expect, test } from 'vitest';
import { openEngine, openStorage } from '../../src/storage/open-storage.ts';
import { describeEachEngine } from './each-engine.ts';

describeEachEngine(
  'a server',
  (fresh) => {
    test('that is durable is not warned of', async () => {
      expect(await fresh.store.warnings()).toEqual([]);
    });
  },
  { only: ['postgres', 'mysql'] },
);

describeEachEngine(
  'a Postgres',
  (fresh) => {
    test('in another encoding than UTF8 is refused in one sentence', async () => {
      const name = `${new URL(fresh.url).pathname.slice(1)}_latin`;
      await fresh.database?.query(`create database ${name} encoding 'LATIN1' locale 'C' template template0`);
      const url = new URL(fresh.url);
      url.pathname = `/${name}`;
      await expect(openStorage({ url: url.href })).rejects.toThrow(
        /^The database is encoded in LATIN1, which cannot hold every text: make one with/,
      );
      await fresh.database?.query(`drop database ${name} with (force)`);
    });

    test('that is set to lose what it acknowledges is told otherwise by each connection', async () => {
      const name = new URL(fresh.url).pathname.slice(1);
      const set = (value: string) =>
        fresh.database?.query(`alter database ${name} set synchronous_commit = ${value}`);
      await set('off');
      const engine = await openEngine(fresh.url);
      const ask = { sql: 'show synchronous_commit', bind: () => [] };
      const found = await engine.write((connection) => connection.one(ask, {}));
      expect(found).toEqual({ synchronous_commit: 'on' });
      await engine.close();
      await set('on');
    });
  },
  { only: ['postgres'] },
);
