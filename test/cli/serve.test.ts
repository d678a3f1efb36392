import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { serveAlone } from '../../src/storage/engines/sqlite/serve-alone.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { temporaryFolder } from '../support/server-process.ts';
import { runCommand } from './run-command.ts';

describe('parlance serve, where it cannot', () => {
  const data = temporaryFolder();
  const at = (name: string) => join(data.folder, name);
  let place: ReturnType<typeof serveAlone>;
  let other: Server;
  beforeAll(async () => {
    writeFileSync(at('a-file'), 'not a folder');
    writeFileSync(
      at('noise.db'),
      'this is no database, but it is long enough to be looked at as if it were one',
    );
    const storage = await openStorage({ url: at('newer.db') });
    await storage.close();
    const database = new DatabaseSync(at('newer.db'));
    database.exec("insert into migrations (name, applied_at) values ('9999-from-the-future', 0)");
    database.close();
    place = serveAlone(at('taken.db'));
    other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
  });
  afterAll(() => {
    other.close();
    place.giveUp();
    data.remove();
  });

  const failures: { about: string; env: () => Record<string, string>; line: RegExp }[] = [
    {
      about: 'a port that is taken',
      env: () => ({ PORT: String((other.address() as AddressInfo).port) }),
      line: /Port \d+ is taken\. .*PORT\.$/,
    },
    {
      about: 'an address that this machine has not',
      env: () => ({ HOST: '192.0.2.1' }),
      line: /This machine has no address 192\.0\.2\.1\. .*HOST\.$/,
    },
    {
      about: 'a data folder below a file',
      env: () => ({ DATA_DIR: at('a-file/data') }),
      line: /a-file\/data\/parlance\.db cannot be opened for writing; .*folder/,
    },
    {
      about: 'a place for secrets below a file',
      env: () => ({ DATA_DIR: at('a-file/data'), DATABASE_URL: `sqlite:${at('other.db')}` }),
      line: /DATA_DIR: the secret \S+ cannot be read or written \(ENOTDIR\); /,
    },
    {
      about: 'a bad setting',
      env: () => ({ LOG_LEVEL: 'loud' }),
      line: /LOG_LEVEL is "loud", but must be .+\.$/,
    },
    {
      about: 'a secret from a tutorial',
      env: () => ({ JWT_SECRET_KEY: 'your_jwt_secret_key_here_change_in_production' }),
      line: /JWT_SECRET_KEY must be a secret of your own, not a placeholder/,
    },
    {
      about: 'a secret that is too short',
      env: () => ({ SECRET_KEY: 'only-20-bytes-of-it!' }),
      line: /SECRET_KEY must be at least 32 random bytes/,
    },
    {
      about: 'a database of a newer version',
      env: () => ({ DATABASE_URL: `sqlite:${at('newer.db')}` }),
      line: /made by a newer Parlance \(it has the migration 9999-from-the-future\): start that version/,
    },
    {
      about: 'a database that another server has',
      env: () => ({ DATABASE_URL: `sqlite:${at('taken.db')}` }),
      line: /Another server works on \S+taken\.db, and SQLite serves one at a time: .*parlance copy/,
    },
    {
      about: 'a file that is no database',
      env: () => ({ DATABASE_URL: `sqlite:${at('noise.db')}` }),
      line: /noise\.db is not an SQLite database/,
    },
    {
      about: 'an AI that does not exist',
      env: () => ({ AI_PROVIDER: 'oracle' }),
      line: /AI_PROVIDER is "oracle", but must be auto or one of basic, /,
    },
  ];

  it.concurrent.for(failures)('ends at $about with one clear line', async ({ env, line }, { expect }) => {
    const ran = await runCommand(['serve'], {
      DATA_DIR: at('data'),
      PORT: '0',
      LOG_LEVEL: 'error',
      ...env(),
    });
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    const lines = ran.stderr.trimEnd().split('\n');
    expect(lines).toEqual([expect.stringMatching(line)]);
    expect(lines[0]).toMatch(/^parlance: /);
  });

  it.concurrent.for([
    ['usr list', "error: unknown command 'usr'\n(Did you mean user?)"],
    ['bogus', "error: unknown command 'bogus'\n"],
    ['--port 1', "error: unknown option '--port'"],
  ])('names the word of "%s" that it does not know', async ([words = '', says = ''], { expect }) => {
    const ran = await runCommand(words.split(' '), { DATA_DIR: at('data') });
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain(says);
  });

  it.concurrent.for(['serv', 'user create', 'migrate sideways', 'serve --quickly'])(
    'says of "%s" that it does not understand',
    async (words, { expect }) => {
      const ran = await runCommand(words.split(' '), { DATA_DIR: at('data') });
      expect(ran).toMatchObject({ code: 1, stdout: '' });
      expect(ran.stderr).toMatch(/^(error: |Usage: )/);
      expect(ran.stderr).not.toMatch(/^ +at /m);
    },
  );
});
