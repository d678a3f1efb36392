import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { copyFiles } from '../files/copy-files.ts';
import { createFiles } from '../files/create-files.ts';
import { openFiles } from '../files/open-files.ts';
import { StorageError } from '../storage/engines/engine.ts';
import { backUp } from '../storage/moving/back-up.ts';
import { showProgress } from './show-progress.ts';
import { withConfig } from './with-config.ts';

type Options = { withFiles?: boolean };

/** Where the uploads of a backup are. */
export const filesBeside = (backup: string): string => `${backup}.files`;

/** `parlance backup`, beside running servers or without one. */
export function addBackup(program: Command): void {
  program
    .command('backup <file>')
    .description('write the database of this server, as it is now, into one SQLite file')
    .option('--with-files', 'uploaded files too, into the folder <file>.files')
    .action((name: string, { withFiles }: Options) =>
      withConfig(async (config) => {
        const file = resolve(name);
        if (!existsSync(dirname(file)))
          throw new StorageError(`There is no folder ${dirname(file)}: make it first`);
        const progress = showProgress('backing up');
        await backUp(file, { from: config.database, clock: () => new Date(), progress }).finally(
          progress.end,
        );
        const megabytes = (statSync(file).size / 1024 ** 2).toFixed(1);
        console.log(`${file} has everything in ${config.database.shown} (${megabytes} MiB).`);
        // Those first that the database knows: a file too many is no harm.
        if (withFiles !== true)
          return console.log('Uploaded files are not in it: --with-files copies them too.');
        const [from, to] = [createFiles(config), openFiles(filesBeside(file))];
        try {
          const count = await copyFiles(from, to);
          console.log(`${filesBeside(file)} has the uploaded files (${count} new ones).`);
        } finally {
          await from.close();
        }
      }),
    );
}
