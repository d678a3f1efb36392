import { expect, test } from 'vitest';
import { StorageError } from '../../src/storage/engines/engine.ts';
import { createMigrations } from '../../src/storage/migrate.ts';
import { allMigrations } from '../../src/storage/migrations/all-migrations.ts';
import type { Migration } from '../../src/storage/migrations/column-types.ts';
import { openEngine, openStorage } from '../../src/storage/open-storage.ts';
import { describeEachEngine } from './each-engine.ts';
import { addUser, noon } from './rows.ts';

const clock = () => noon;
const names = allMigrations.map(({ name }) => name);

/** A step that adds a table, one that fails half way, and the same when it has been mended. */
const adding: Migration = {
  name: '9998-adds',
  up: (database, types) => database.schema.createTable('added').addColumn('id', types.integer).execute(),
  down: (database) => database.schema.dropTable('added').execute(),
};
const failing: Migration = {
  name: '9999-fails',
  up: async (database, types) => {
    await adding.up(database, types);
    throw new Error('half way');
  },
  down: adding.down,
};
const mended: Migration = {
  name: failing.name,
  up: async (database, types) => {
    await adding.up(database, types);
    await database.schema.alterTable('added').addColumn('more', types.integer).execute();
  },
  down: adding.down,
};

describeEachEngine(
  'migrations',
  (fresh) => {
    test('are applied when the storage is opened, once', async () => {
      expect(await fresh.store.migrations.up()).toEqual([]);
      const status = await fresh.store.migrations.status();
      expect(status.map(({ name }) => name)).toEqual(names);
      for (const { appliedAt } of status) expect(appliedAt).toBeInstanceOf(Date);
    });

    test('go down one at a time, and up again to the same schema', async () => {
      const before = await fresh.schema();
      expect(before.length).toBeGreaterThan(10);
      for (const name of names.toReversed()) expect(await fresh.store.migrations.down()).toBe(name);
      expect(await fresh.store.migrations.down()).toBeUndefined();
      expect((await fresh.store.migrations.status()).every(({ appliedAt }) => appliedAt === null)).toBe(true);
      expect(await fresh.store.migrations.up()).toEqual(names);
      expect(await fresh.schema()).toEqual(before);
      await addUser(fresh.store);
    });

    test('leave the data of what they do not touch', async () => {
      const user = await addUser(fresh.store);
      const engine = await openEngine(fresh.url);
      const migrations = createMigrations({ engine, clock, known: [...allMigrations, adding] });
      expect(await migrations.up()).toEqual([adding.name]);
      expect(await migrations.status()).toContainEqual({ name: adding.name, appliedAt: noon });
      expect(await migrations.down()).toBe(adding.name);
      await engine.close();
      expect(await fresh.store.users.find(user.id)).toEqual(user);
    });

    test('that fail leave the schema as it was, or go on where they failed', async () => {
      const before = await fresh.schema();
      const engine = await openEngine(fresh.url);
      const upTo = (...steps: Migration[]) =>
        createMigrations({ engine, clock, known: [...allMigrations, ...steps] });
      await expect(upTo(failing).up()).rejects.toThrow('half way');
      // MySQL cannot take a change of its schema back.
      if (fresh.engine !== 'mysql') expect(await fresh.schema()).toEqual(before);
      expect(await upTo(mended).up()).toEqual([mended.name]);
      expect(await upTo(mended).down()).toBe(mended.name);
      expect(await fresh.schema()).toEqual(before);
      await engine.close();
    });

    test('of a newer version are refused in one sentence', async () => {
      const engine = await openEngine(fresh.url);
      await createMigrations({ engine, clock, known: [...allMigrations, adding] }).up();
      await engine.close();
      const refused = openStorage({ url: fresh.url });
      await expect(refused).rejects.toBeInstanceOf(StorageError);
      await expect(refused).rejects.toThrow(/^The database was made by a newer Parlance .*9998-adds.*backup/);
      for (const step of ['up', 'down', 'status'] as const)
        await expect(fresh.store.migrations[step]()).rejects.toBeInstanceOf(StorageError);
    });

    test('of several processes that start at once are applied once', async () => {
      while ((await fresh.store.migrations.down()) !== undefined);
      const stores = await Promise.all(Array.from({ length: 4 }, () => openStorage({ url: fresh.url })));
      const users = await Promise.all(stores.map((store) => addUser(store)));
      expect(new Set(users.map(({ id }) => id)).size).toBe(4);
      await Promise.all(stores.map((store) => store.close()));
    });
  },
  { own: true },
);
