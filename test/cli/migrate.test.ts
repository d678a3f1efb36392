import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/server-process.ts';
import { runCommand } from './run-command.ts';

const name = '0001-first-schema';
const fine = (stdout: string) => ({ code: 0, stdout, stderr: '' });

describe('parlance migrate', () => {
  const data = temporaryFolder();
  afterAll(data.remove);
  const migrate = (word: string) => runCommand(['migrate', word], { DATA_DIR: data.folder });

  it('says what is due, applies it, takes it back and applies it again', async () => {
    expect(await migrate('status')).toEqual(fine(`due      ${name}\n`));
    expect(await migrate('up')).toEqual(fine(`applied ${name}\n`));
    expect(await migrate('up')).toEqual(fine('Nothing is due.\n'));
    expect(await migrate('status')).toEqual(fine(`applied  ${name}\n`));
    expect(await migrate('down')).toEqual(fine(`reverted ${name}\n`));
    expect(await migrate('down')).toEqual(fine('Nothing is applied.\n'));
    expect(await migrate('up')).toEqual(fine(`applied ${name}\n`));
  });
});
