import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasSettledSqlite, loadDriver, type Database } from '../../src/storage/engines/sqlite/driver.ts';
import type { Reading } from '../../src/storage/engines/engine.ts';
import { sqliteFile } from '../../src/storage/engines/sqlite/location.ts';
import { openSqlite } from '../../src/storage/engines/sqlite.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { openTempStorage, type TempStorage } from '../support/temp-storage.ts';
import { addUser } from './rows.ts';

const raw = (file: string): Database => new (loadDriver().DatabaseSync)(file, { timeout: 0 });

describe('the place of the file', () => {
  test.each([
    ['./data/x.db', resolve('data/x.db')],
    ['sqlite:./data/x.db', resolve('data/x.db')],
    ['sqlite:x.db', resolve('x.db')],
    ['sqlite:///app.db', resolve('app.db')],
    ['sqlite:////var/lib/app.db', '/var/lib/app.db'],
    ['sqlite:/var/lib/app.db', '/var/lib/app.db'],
    ['sqlite:///app.db?check_same_thread=False', resolve('app.db')],
    ['sqlite:my%20data/100%.db', resolve('my%20data/100%.db')],
    ['sqlite:my%20data/x.db', resolve('my data/x.db')],
  ])('%s names %s', (url, file) => {
    expect(sqliteFile(url)).toBe(file);
  });

  test.each(['sqlite::memory:', 'sqlite://:memory:', 'sqlite:///:memory:', 'sqlite://', 'sqlite:'])(
    '%s is refused, because it would lose every message',
    (url) => {
      expect(() => sqliteFile(url)).toThrow(/in memory would lose every message: name a file/);
    },
  );

  test('cannot be on a host', () => {
    expect(() => sqliteFile('sqlite://app.db')).toThrow(/names a host.*write sqlite:\/\/\/app\.db/);
  });
});

describe('the driver', () => {
  test.each([
    ['20.19.0', false],
    ['22.23.3', false],
    ['24.14.1', false],
    ['24.15.0', true],
    ['25.6.1', false],
    ['25.7.0', true],
    ['26.0.0', true],
  ])('of Node %s is its own: %s', (version, isOwn) => {
    expect(hasSettledSqlite(version)).toBe(isOwn);
  });

  test('is the one that this Node stands by, and tells whether a transaction is open', () => {
    const own: object | undefined = process.getBuiltinModule('node:sqlite');
    expect(loadDriver() === own).toBe(hasSettledSqlite(process.versions.node));
    const database = raw(':memory:');
    database.exec('begin');
    expect(database.isTransaction).toBe(true);
    database.close();
  });
});

describe('an SQLite database', () => {
  let temp: TempStorage;
  let file: string;
  beforeEach(async () => {
    temp = await openTempStorage();
    file = sqliteFile(temp.url);
  });
  afterEach(() => temp.dispose());

  test('is durable, checked and shared: on both connections', async () => {
    const engine = openSqlite(temp.url);
    const expected = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1, temp_store: 2, timeout: 5 };
    const settings = async (connection: Reading) => {
      const found: Record<string, unknown> = {};
      for (const name of [
        'journal_mode',
        'synchronous',
        'foreign_keys',
        'temp_store',
        'busy_timeout',
        'query_only',
      ])
        Object.assign(found, await connection.one({ sql: `pragma ${name}`, bind: () => [] }, {}));
      return found;
    };
    await engine.write(async (writer) => {
      expect(await settings(writer)).toEqual({ ...expected, query_only: 0 });
      // While the writer is in a transaction, the reader is the other connection.
      expect(await settings(engine.reader)).toEqual({ ...expected, query_only: 1 });
    });
    await engine.close();
  });

  test('makes its folder where it is missing', async () => {
    const deep = join(temp.folder, 'a', 'b', 'new.db');
    const store = await openStorage({ url: deep });
    await store.ping();
    await store.close();
    expect((await stat(deep)).isFile()).toBe(true);
  });

  test('leaves one whole file behind when it is closed', async () => {
    const user = await addUser(temp.store);
    await temp.store.close();
    const log = await stat(`${file}-wal`).catch(() => undefined);
    expect(log?.size ?? 0).toBe(0);
    const database = raw(file);
    expect(database.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
    expect(database.prepare('select uuid from users').get()).toEqual({ uuid: user.uuid });
    database.close();
  });

  test('waits for another process without blocking this one', async () => {
    const other = raw(file);
    other.exec('begin immediate');
    let isDone = false;
    const adding = addUser(temp.store).finally(() => (isDone = true));
    for (let turn = 0; turn < 20; turn += 1) {
      await new Promise((turned) => void setImmediate(turned));
      // Reading goes on meanwhile.
      expect(await temp.store.users.list({ after: null, limit: 1 })).toEqual([]);
    }
    expect(isDone).toBe(false);
    other.exec('commit');
    other.close();
    const user = await adding;
    expect(await temp.store.users.find(user.id)).toEqual(user);
  });

  test('that several processes make at once is migrated once', async () => {
    const url = join(temp.folder, 'new.db');
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStorage({ url })));
    const users = await Promise.all(stores.map((store) => addUser(store)));
    expect(new Set(users.map(({ id }) => id)).size).toBe(4);
    await Promise.all(stores.map((store) => store.close()));
  });

  test('is written by two processes at once', async () => {
    const script = `
      const { DatabaseSync } = require(process.argv[1]);
      const database = new DatabaseSync(process.argv[2], { timeout: 10 });
      const insert = database.prepare('insert into nodes (id, beat_at) values (?, 0)');
      console.log('ready');
      // SQLite's own wait grows, and the parent leaves little room: it could last for ever.
      const isWritten = (id) => {
        try {
          return insert.run(id);
        } catch (error) {
          if (!/locked/.test(error.message)) throw error;
        }
      };
      for (let count = 0; count < 100; ) if (isWritten('child-' + count)) count += 1;
      database.close();
    `;
    const driver = hasSettledSqlite(process.versions.node)
      ? 'node:sqlite'
      : resolve('node_modules/@photostructure/sqlite');
    const child = spawn(process.execPath, ['-e', script, driver, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    let written = 0;
    while (child.exitCode === null && child.signalCode === null) {
      await temp.store.nodes.insert(`parent-${written}` as never, new Date(0));
      written += 1;
    }
    expect(await exited).toEqual([0, null]);
    expect(written).toBeGreaterThan(0);
    expect(await temp.store.nodes.list()).toHaveLength(100 + written);
  });

  test('ends a transaction that waits for anything but its tables, and goes on', async () => {
    const { store } = temp;
    const nested = store.transaction(() => store.transaction(async () => 1));
    await expect(nested).rejects.toThrow('waited for something other than its tables');
    const never = store.transaction(async (tables) => {
      await addUser(tables);
      await new Promise(() => {
        // Never resolves.
      });
    });
    const adding = [addUser(store), addUser(store)];
    await expect(never).rejects.toThrow('waited for something other than its tables');
    const added = await Promise.all(adding);
    expect(await store.users.list({ after: null, limit: 9 })).toEqual(added);
  });
});

describe('a file that cannot be a database', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlance-storage-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const refusal = async (path: string): Promise<string> => {
    const error: unknown = await openStorage({ url: path }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'StorageError' });
    return (error as Error).message;
  };

  test('because its folder cannot be written is refused in one sentence', async () => {
    await writeFile(join(folder, 'file'), '');
    const path = join(folder, 'file', 'x.db');
    expect(await refusal(path)).toBe(
      `The database ${path} cannot be opened for writing; check that its folder exists and belongs to this user`,
    );
    await mkdir(join(folder, 'folder.db'));
    expect(await refusal(join(folder, 'folder.db'))).toMatch(/cannot be opened for writing/);
  });

  test('because it is something else is refused in one sentence, and left as it is', async () => {
    const path = join(folder, 'x.db');
    await writeFile(path, 'This is a letter to my grandmother. '.repeat(500));
    expect(await refusal(path)).toMatch(/is not an SQLite database, or it is damaged/);
    expect((await stat(path)).size).toBe(18_000);
  });

  test('because another program has locked it is refused in one sentence', async () => {
    const path = join(folder, 'x.db');
    const other = raw(path);
    other.exec('begin exclusive; create table mine (id integer)');
    expect(await refusal(path)).toBe(
      `The database ${path} is locked by another program; close it and start again`,
    );
    other.close();
  });

  test('because no engine speaks its URL is refused in one sentence', async () => {
    expect(await refusal('oracle://host/db')).toMatch(/no database engine for oracle: URLs/);
  });
});
