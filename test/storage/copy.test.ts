import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadDriver } from '../../src/storage/engines/sqlite/driver.ts';
import { copyDatabase } from '../../src/storage/moving/copy-database.ts';
import type { MoveProgress } from '../../src/storage/moving/copying.ts';
import { movedTables } from '../../src/storage/moving/moved-tables.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { databaseServers, type TestDatabase } from '../support/databases/database-server.ts';
import { describeEachEngine } from './each-engine.ts';
import { fillEveryTable, nextChat } from './every-table.ts';
import { noon } from './rows.ts';

const clock = () => noon;
const place = (url: string) => ({ url, shown: url });
const copy = (from: string, to: string, rows: MoveProgress['rows'] = () => undefined) =>
  copyDatabase({ from: place(from), to: place(to), clock, progress: { begin: () => undefined, rows } });

describeEachEngine('a copy', (fresh) => {
  const folder = mkdtempSync(join(tmpdir(), 'parlance-copy-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let files = 0;
  const emptyFile = () => `sqlite:${join(folder, `${(files += 1)}.db`)}`;

  /** An empty database of the same engine. */
  const another = async (): Promise<Pick<TestDatabase, 'url' | 'drop'> & Partial<TestDatabase>> => {
    const server = databaseServers.find(({ name }) => name === fresh.engine);
    return server?.create() ?? { url: emptyFile(), drop: async () => undefined };
  };

  test('holds every row of every table as it is, there and, though broken off, back', async () => {
    const { goneChat } = await fillEveryTable(fresh.store);
    await fresh.store.close();
    const [file, back] = [emptyFile(), await another()];
    try {
      const there = await copy(fresh.url, file);
      expect(there.map(({ table }) => table)).toEqual(Object.keys(movedTables));
      for (const { table, rows } of there) expect([table, rows > 0]).toEqual([table, true]);
      const allRows = there.reduce((sum, { rows }) => sum + rows, 0);

      let written = 0;
      const breaksOff = (table: string, count: number) => {
        written += count;
        if (table === 'changes') throw new Error('broken off');
      };
      await expect(copy(file, back.url, breaksOff)).rejects.toThrow('broken off');
      await expect(openStorage({ url: back.url, poolSize: 2 })).rejects.toThrow('has begun and not ended');
      await expect(copy(back.url, emptyFile())).rejects.toThrow('a copy that has not ended');
      const stranger = emptyFile();
      await openStorage({ url: stranger }).then((store) => store.close());
      await expect(copy(stranger, back.url)).rejects.toThrow('A copy of another database');

      let counted = 0;
      expect(await copy(file, back.url, (_, count) => (counted += count))).toEqual(there);
      // All rows are compared, and those written that were not there yet.
      expect(counted).toBe(allRows * 2 - written);
      // Postgres counts by itself too, but later.
      if (fresh.engine === 'postgres')
        expect(await back.query?.(`select reltuples from pg_class where relname = 'chats'`)).toEqual([
          { reltuples: there.find(({ table }) => table === 'chats')?.rows },
        ]);
      for (const url of [file, back.url]) expect(await nextChat(url)).toBe(goneChat + 1);
    } finally {
      await back.drop();
    }
  });

  test('is refused where it would do harm', async () => {
    await fillEveryTable(fresh.store);
    const other = emptyFile();
    await expect(copy(fresh.url, fresh.url)).rejects.toThrow('the same database');
    await expect(copy(`${other}.missing`, other)).rejects.toThrow('There is no file');
    if (fresh.engine !== 'sqlite')
      await expect(copy(fresh.url, other)).rejects.toThrow('Another program is connected');
    await fresh.store.close();
    const store = await openStorage({ url: other });
    await store.close();
    await expect(copy(other, fresh.url)).rejects.toThrow('is not empty (it has users)');
    await openStorage({ url: fresh.url, poolSize: 2 }).then((again) => again.close());
  });
});

test('a copy of an older schema, or of what is none of ours, is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parlance-copy-'));
  const [old, target] = [join(folder, 'old.db'), join(folder, 'target.db')];
  const store = await openStorage({ url: old });
  await store.migrations.down();
  await store.close();
  await expect(copy(old, target)).rejects.toThrow('older schema');
  await openStorage({ url: target, schema: 'leave' }).then((empty) => empty.close());
  await expect(copy(target, old)).rejects.toThrow('is not a database of Parlance');
  rmSync(folder, { recursive: true });
});

describe('what is copied', () => {
  test('is every table and column that there is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parlance-copy-'));
    const file = join(folder, 'all.db');
    await openStorage({ url: file }).then((store) => store.close());
    const { DatabaseSync } = loadDriver();
    const database = new DatabaseSync(file, { timeout: 1_000 });
    const rows = database
      .prepare(
        `select t.name as "table", c.name as "column", c.pk from sqlite_master t, pragma_table_info(t.name) c
           where t.type = 'table' and t.name not like 'sqlite_%' and t.name <> 'migrations'`,
      )
      .all() as { table: string; column: string; pk: number }[];
    database.close();
    rmSync(folder, { recursive: true });
    const names = (list: string[]) => list.toSorted();
    expect(names(rows.map(({ table, column }) => `${table}.${column}`))).toEqual(
      names(
        Object.entries(movedTables).flatMap(([table, { columns }]) =>
          Object.keys(columns).map((column) => `${table}.${column}`),
        ),
      ),
    );
    for (const [table, { key }] of Object.entries(movedTables)) {
      const inOrder = rows.filter((row) => row.table === table && row.pk > 0).toSorted((a, b) => a.pk - b.pk);
      expect(inOrder.map(({ column }) => column)).toEqual(key);
    }
  });
});
