import { expect, test } from 'vitest';
import type { Migration } from '../../src/storage/migrations/column-types.ts';
import { allMigrations } from '../../src/storage/migrations/all-migrations.ts';
import { createMigrations } from '../../src/storage/migrate.ts';
import { openEngine } from '../../src/storage/open-storage.ts';
import { describeEachEngine } from './each-engine.ts';
import { noon } from './rows.ts';

/** Two changes of a schema, of which one can be killed in between. */
const twoSteps: Migration = {
  name: '9999-two-steps',
  up: async (database, types) => {
    await database.schema.createTable('one').addColumn('id', types.integer).execute();
    await database.schema.createTable('two').addColumn('id', types.integer).execute();
  },
  down: async (database) => {
    await database.schema.dropTable('two').execute();
    await database.schema.dropTable('one').execute();
  },
};

describeEachEngine(
  'a migration on a database that cannot take its changes back',
  (fresh) => {
    const migrated = async () => {
      const engine = await openEngine(fresh.url);
      const known = [...allMigrations, twoSteps];
      try {
        return await createMigrations({ engine, clock: () => noon, known }).up();
      } finally {
        await engine.close();
      }
    };

    test('that was killed during a change goes on behind it', async () => {
      await fresh.database?.query('create table one (id int)');
      await fresh.database?.query(`insert into migration_steps values ('${twoSteps.name}', 0, 1)`);
      expect(await migrated()).toEqual([twoSteps.name]);
      expect(await fresh.database?.query('select * from two')).toEqual([]);
      expect(await fresh.database?.query('select * from migration_steps')).toEqual([]);
    });

    test('does not take for its own what was there before', async () => {
      await fresh.database?.query('create table one (id int, mine int)');
      for (let time = 0; time < 2; time += 1) await expect(migrated()).rejects.toThrow('already exists');
      await fresh.database?.query('drop table one');
      expect(await migrated()).toEqual([twoSteps.name]);
    });
  },
  { own: true, only: ['mysql'] },
);
