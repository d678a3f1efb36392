import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { ArchiveRecord } from '../archive/records.ts';
import { createFiles } from '../files/create-files.ts';
import { StorageError } from '../storage/engines/engine.ts';
import { openPlace } from '../storage/moving/open-place.ts';
import { requireCurrent } from '../storage/moving/require-current.ts';
import { version } from '../version.ts';
import { withConfig } from './with-config.ts';

type Options = { user?: string; withFiles?: boolean; withPasswords?: boolean };

/** `parlance export`, beside running servers or without one. */
export function addExport(program: Command): void {
  program
    .command('export <file>')
    .description(
      'write users, chats and messages as lines of JSON into a new file, or to standard output (-)',
    )
    .option('--user <name>', 'of one account only, by its username or email')
    .option('--with-files', 'uploaded files too')
    .option('--with-passwords', 'the hashes of passwords too')
    .action((name: string, { user, withFiles = false, withPasswords = false }: Options) =>
      withConfig(async (config) => {
        const { exportQueries } = await import('../archive/export-queries.ts');
        const { exportRecords } = await import('../archive/export-records.ts');
        const engine = await openPlace(config.database, { exists: true, alone: false });
        const files = withFiles ? createFiles(config) : undefined;
        const told = { users: 0, messages: 0 };
        try {
          await engine.snapshot(async (reading) => {
            await requireCurrent(engine, reading, config.database.shown);
            const queries = exportQueries(engine.builder);
            const wanted = { reading, queries, login: user, withPasswords, files };
            const records = exportRecords({ ...wanted, parlance: version, now: new Date() });
            await write(name, lines(records, told));
          });
        } finally {
          await files?.close();
          await engine.close();
        }
        console.error(`exported ${told.users} users and ${told.messages} messages`);
      }),
    );
}

async function* lines(
  records: AsyncIterable<ArchiveRecord>,
  told: { users: number; messages: number },
): AsyncGenerator<string> {
  for await (const record of records) {
    if (record.type === 'user') told.users += 1;
    if (record.type === 'message') told.messages += 1;
    yield `${JSON.stringify(record)}\n`;
  }
}

/** A file that is there has all of it. */
async function write(name: string, text: AsyncIterable<string>): Promise<void> {
  if (name === '-') return pipeline(Readable.from(text), process.stdout, { end: false });
  const [file, part] = [resolve(name), `${resolve(name)}.part`];
  if (existsSync(file)) throw new StorageError(`${file} is there already: name another file`);
  try {
    // Its owner alone may read it.
    await pipeline(Readable.from(text), createWriteStream(part, { mode: 0o600, flags: 'wx', flush: true }));
    renameSync(part, file);
  } catch (thrown) {
    rmSync(part, { force: true });
    throw thrown;
  }
}
