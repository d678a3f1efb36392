import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { copyFiles } from '../files/copy-files.ts';
import { createFiles } from '../files/create-files.ts';
import { openFiles } from '../files/open-files.ts';
import { requireUnusedFile } from '../storage/engines/sqlite/in-use.ts';
import { restore } from '../storage/moving/restore.ts';
import { filesBeside } from './backup.ts';
import { tellMoved } from './copy.ts';
import { showProgress } from './show-progress.ts';
import { withConfig } from './with-config.ts';

/** `parlance restore`, while no server runs. */
export function addRestore(program: Command): void {
  program
    .command('restore <file>')
    .description('put a backup, and its files where it has them, in the place of what this server has')
    .option('--replace', 'also where there are users: everything that came after the backup is lost')
    .action((name: string, { replace = false }: { replace?: boolean }) =>
      withConfig(async (config) => {
        const { dataDir, database } = config;
        const backup = resolve(name);
        mkdirSync(dataDir, { recursive: true, mode: 0o700 });
        if (database.file !== undefined) requireUnusedFile(database.file);
        const progress = showProgress('restoring');
        const options = { to: database, replace, scratch: join(dataDir, 'restoring.db') };
        tellMoved(
          await restore(backup, { ...options, clock: () => new Date(), progress }).finally(progress.end),
        );
        console.log(`${database.shown} holds everything that ${backup} does, compared row by row.`);
        if (!existsSync(filesBeside(backup))) return;
        const files = createFiles(config);
        try {
          const count = await copyFiles(openFiles(filesBeside(backup)), files);
          console.log(`Uploaded files came from ${filesBeside(backup)} (${count} that were not there).`);
        } finally {
          await files.close();
        }
      }),
    );
}
