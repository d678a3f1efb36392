import type { Command } from 'commander';
import { withConfig } from './with-config.ts';
import { openStorage } from '../storage/open-storage.ts';
import type { Migrations } from '../storage/migrate.ts';

/** `parlance migrate up | down | status` */
export function addMigrate(program: Command): void {
  const migrate = program.command('migrate').description('bring the database to another schema');
  migrate
    .command('up')
    .description('apply every migration that is due (serve does this by itself)')
    .action(() =>
      withMigrations(async (migrations) => {
        const applied = await migrations.up();
        console.log(
          applied.length === 0 ? 'Nothing is due.' : applied.map((name) => `applied ${name}`).join('\n'),
        );
      }),
    );
  migrate
    .command('down')
    .description('take the newest migration back, with the data that only it can hold')
    .action(() =>
      withMigrations(async (migrations) => {
        const reverted = await migrations.down();
        console.log(reverted === undefined ? 'Nothing is applied.' : `reverted ${reverted}`);
      }),
    );
  migrate
    .command('status')
    .description('list the migrations and say which are applied')
    .action(() =>
      withMigrations(async (migrations) => {
        for (const { name, appliedAt } of await migrations.status()) {
          console.log(`${appliedAt === null ? 'due    ' : 'applied'}  ${name}`);
        }
      }),
    );
}

const withMigrations = (work: (migrations: Migrations) => Promise<void>): Promise<void> =>
  withConfig(async ({ database }) => {
    const storage = await openStorage({ url: database.url, schema: 'leave' });
    try {
      await work(storage.migrations);
    } finally {
      await storage.close();
    }
  });
