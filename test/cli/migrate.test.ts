import { afterAll, describe, expect, it } from 'vitest';
import { allMigrations } from '../../src/storage/migrations/all-migrations.ts';
import { temporaryFolder } from '../support/server-process.ts';
import { runCommand } from './run-command.ts';

const names = allMigrations.map(({ name }) => name);
const newest = names.at(-1) ?? '';
const lines = (word: string, some = names) => some.map((name) => `${word}${name}\n`).join('');
const fine = (stdout: string) => ({ code: 0, stdout, stderr: '' });

describe('parlance migrate', () => {
  const data = temporaryFolder();
  afterAll(data.remove);
  const migrate = (word: string) => runCommand(['migrate', word], { DATA_DIR: data.folder });

  it('says what is due, applies it, takes the newest back and applies it again', async () => {
    expect(await migrate('status')).toEqual(fine(lines('due      ')));
    expect(await migrate('up')).toEqual(fine(lines('applied ')));
    expect(await migrate('up')).toEqual(fine('Nothing is due.\n'));
    expect(await migrate('status')).toEqual(fine(lines('applied  ')));
    expect(await migrate('down')).toEqual(fine(`reverted ${newest}\n`));
    expect(await migrate('status')).toEqual(
      fine(lines('applied  ', names.slice(0, -1)) + lines('due      ', [newest])),
    );
    expect(await migrate('up')).toEqual(fine(`applied ${newest}\n`));
  });
});
