import { createReadStream, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { unusableHash } from '../credentials/unusable-hash.ts';
import { createFiles } from '../files/create-files.ts';
import { StorageError } from '../storage/engines/engine.ts';
import { createMigrations } from '../storage/migrate.ts';
import { openPlace } from '../storage/moving/open-place.ts';
import { withConfig } from './with-config.ts';

/** `parlance import`, beside running servers or without one. */
export function addImport(program: Command): void {
  program
    .command('import <file>')
    .description('add the users of an export, with all of theirs, from a file or standard input (-)')
    .action((name: string) =>
      withConfig(async (config) => {
        // What checks the lines takes a while to load: no other command waits for it.
        const { readArchive } = await import('../archive/read-archive.ts');
        const { readLines } = await import('../archive/read-lines.ts');
        const { importUser } = await import('../archive/import-user.ts');
        if (name !== '-' && !existsSync(name)) throw new StorageError(`There is no file ${resolve(name)}`);
        const input = name === '-' ? process.stdin : createReadStream(name);
        const engine = await openPlace(config.database, { exists: false, alone: false });
        const files = createFiles(config);
        const limitBytes = config.limits.attachmentBytes;
        try {
          await createMigrations({ engine, clock: () => new Date() }).up();
          for await (const archived of readArchive(readLines(input))) {
            const added = await importUser({ engine, files, limitBytes, unusableHash }, archived);
            const { username, email, password_hash: hash } = archived.record;
            const shown = username ?? email ?? archived.record.id;
            if (!added) {
              console.log(`${shown} is there already`);
              continue;
            }
            const { chats, messages, missing } = added;
            console.log(`imported ${shown}: ${chats} chats, ${messages} messages, ${added.files} files`);
            if (missing > 0) console.log(`  ${missing} files are not in the export, and were left out`);
            if (hash === undefined)
              console.log('  without a password: set one with "parlance user reset-password"');
          }
        } finally {
          await files.close();
          await engine.close();
        }
      }),
    );
}
