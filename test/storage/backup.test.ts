import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backUp } from '../../src/storage/moving/back-up.ts';
import type { Moved, MoveProgress } from '../../src/storage/moving/copying.ts';
import { sumOf } from '../../src/storage/moving/read-rows.ts';
import { restore } from '../../src/storage/moving/restore.ts';
import { rowQueries } from '../../src/storage/moving/row-queries.ts';
import { openEngine, openStorage } from '../../src/storage/open-storage.ts';
import { describeEachEngine } from './each-engine.ts';
import { fillEveryTable, nextChat } from './every-table.ts';
import { addChat, addUser, noon } from './rows.ts';

const clock = () => noon;
const silent: MoveProgress = { begin: () => undefined, rows: () => undefined };
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parlance-backup-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What every table of a database holds. */
const sumsOf = async (url: string): Promise<Moved[]> => {
  const engine = await openEngine(url, { poolSize: 2 });
  const sums = await engine.snapshot(async (reading) => {
    const all: Moved[] = [];
    for (const queries of rowQueries(engine))
      all.push({ table: queries.name, ...(await sumOf(reading, queries)) });
    return all;
  });
  await engine.close();
  return sums;
};

const back = (backup: string, to: string, { replace = true, progress = silent } = {}) =>
  restore(backup, {
    to: { url: to, shown: to },
    replace,
    scratch: join(folder, 'scratch.db'),
    clock,
    progress,
  });

describeEachEngine('a backup', (fresh) => {
  test('is one state of everything while others write, and can be put back', async () => {
    const { goneChat } = await fillEveryTable(fresh.store);
    const backup = join(folder, `${fresh.engine}.db`);
    const file = fresh.engine === 'sqlite' ? fresh.url.slice('sqlite:'.length) : undefined;
    const from = { url: fresh.url, shown: fresh.url, file };
    let isOver = false;
    const writing = (async () => {
      const user = await addUser(fresh.store);
      while (!isOver) await addChat(fresh.store, user);
    })();
    await backUp(backup, { from, clock, progress: silent }).finally(() => (isOver = true));
    await writing;
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.startsWith(`${fresh.engine}.db`))).toEqual([
      `${fresh.engine}.db`,
    ]);
    await expect(backUp(backup, { from, clock, progress: silent })).rejects.toThrow('is there already');

    const later = await addUser(fresh.store);
    for (let count = 0; count < 3; count += 1) await addChat(fresh.store, later);
    await fresh.store.close();
    const before = await sumsOf(fresh.url);
    await expect(back(backup, fresh.url, { replace: false })).rejects.toThrow('has users: say --replace');
    const breaksOff = (table: string) => {
      if (table === 'changes') throw new Error('broken off');
    };
    await expect(back(backup, fresh.url, { progress: { ...silent, rows: breaksOff } })).rejects.toThrow(
      'broken off',
    );
    expect(await sumsOf(fresh.url)).toEqual(before);

    const restored = await back(backup, fresh.url);
    expect(await sumsOf(fresh.url)).toEqual(restored);
    for (const { table, rows } of restored) expect([table, rows > 0]).toEqual([table, true]);
    const rowsOf = (sums: Moved[], name: string) => sums.find(({ table }) => table === name)?.rows ?? 0;
    expect(rowsOf(restored, 'users')).toBeLessThan(rowsOf(before, 'users'));
    // What was written since the backup had ids, which nobody gets again.
    const seen = goneChat + rowsOf(before, 'chats') - 1;
    expect(await nextChat(fresh.url)).toBe(seen + 1);
    expect(readdirSync(folder).filter((name) => name.startsWith('scratch'))).toEqual([]);
  });
});

test('what is damaged, or no backup, is not put back; an old one is migrated first', async () => {
  const file = (name: string) => join(folder, name);
  writeFileSync(file('text.db'), 'no database at all, however long it may be');
  await expect(back(file('text.db'), file('to.db'))).rejects.toThrow('text.db is not a backup of Parlance');
  await openEngine(file('empty.db')).then((engine) => engine.close());
  await expect(back(file('empty.db'), file('to.db'))).rejects.toThrow('empty.db is not a backup of Parlance');
  await expect(back(file('none.db'), file('to.db'))).rejects.toThrow('There is no file');

  const store = await openStorage({ url: file('old.db') });
  const user = await addUser(store);
  await store.migrations.down();
  await store.close();
  await back(file('old.db'), file('to.db'), { replace: false });
  const restored = await openStorage({ url: file('to.db') });
  expect(await restored.users.find(user.uuid)).toEqual(user);
  await restored.close();

  truncateSync(file('old.db'), statSync(file('old.db')).size - 8_192);
  await expect(back(file('old.db'), file('to.db'))).rejects.toThrow(/old\.db is (damaged|not a backup)/);
});
