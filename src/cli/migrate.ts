import type { Command } from 'commander';
import { withConfig } from './with-config.ts';
import { requireUnusedFile } from '../storage/engines/sqlite/in-use.ts';
import { createMigrations, type Migrations } from '../storage/migrate.ts';
import { openPlace } from '../storage/moving/open-place.ts';

/** `parlance migrate up | down | status` */
export function addMigrate(program: Command): void {
  const migrate = program.command('migrate').description('bring the database to another schema');
  migrate
    .command('up')
    .description('apply every migration that is due (serve does this by itself)')
    .action(() =>
      withMigrations({ exists: false, alone: false }, async (migrations) => {
        const applied = await migrations.up();
        console.log(
          applied.length === 0 ? 'Nothing is due.' : applied.map((name) => `applied ${name}`).join('\n'),
        );
      }),
    );
  migrate
    .command('down')
    .description('take the newest migration back, with the data that only it can hold, while no server runs')
    .action(() =>
      withMigrations({ exists: true, alone: true }, async (migrations) => {
        const reverted = await migrations.down();
        console.log(reverted === undefined ? 'Nothing is applied.' : `reverted ${reverted}`);
      }),
    );
  migrate
    .command('status')
    .description('list the migrations and say which are applied')
    .action(() =>
      withMigrations({ exists: true, alone: false }, async (migrations) => {
        for (const { name, appliedAt } of await migrations.status()) {
          console.log(`${appliedAt === null ? 'due    ' : 'applied'}  ${name}`);
        }
      }),
    );
}

const withMigrations = (
  options: Parameters<typeof openPlace>[1],
  work: (migrations: Migrations) => Promise<void>,
): Promise<void> =>
  withConfig(async ({ database }) => {
    if (options.alone && database.file !== undefined) requireUnusedFile(database.file);
    const engine = await openPlace(database, options);
    try {
      await work(createMigrations({ engine, clock: () => new Date() }));
    } finally {
      await engine.close();
    }
  });
