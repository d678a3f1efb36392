import type { Command } from 'commander';
import { withConfig } from './with-config.ts';
import { migrator } from '../storage/migrate.ts';

/** `parlance migrate up | down | status` */
export function addMigrate(program: Command): void {
  const migrate = program.command('migrate').description('bring the database to another schema');
  migrate
    .command('up')
    .description('apply every migration that is due (serve does this by itself)')
    .action(() =>
      withConfig(async ({ database }) => {
        const applied = await migrator(database).up();
        console.log(applied.length === 0 ? 'Nothing is due.' : applied.map((name) => `applied ${name}`).join('\n'));
      }),
    );
  migrate
    .command('down')
    .description('take the newest migration back, with the data that only it can hold')
    .action(() =>
      withConfig(async ({ database }) => {
        const reverted = await migrator(database).down();
        console.log(reverted === undefined ? 'Nothing is applied.' : `reverted ${reverted}`);
      }),
    );
  migrate
    .command('status')
    .description('list the migrations and say which are applied')
    .action(() =>
      withConfig(async ({ database }) => {
        for (const { name, appliedAt } of await migrator(database).status()) {
          console.log(`${appliedAt === undefined ? 'due    ' : 'applied'}  ${name}`);
        }
      }),
    );
}
