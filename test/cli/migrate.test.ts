import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { allMigrations } from '../../src/storage/migrations/all-migrations.ts';
import { describeEachEngine } from '../storage/each-engine.ts';
import { startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { runCommand } from './run-command.ts';

const names = allMigrations.map(({ name }) => name);
const newest = names.at(-1) ?? '';
const lines = (word: string, some = names) => some.map((name) => `${word}${name}\n`).join('');
const fine = (stdout: string) => ({ code: 0, stdout, stderr: '' });

describe('parlance migrate', () => {
  const data = temporaryFolder();
  afterAll(data.remove);
  const migrate = (word: string) => runCommand(['migrate', word], { DATA_DIR: data.folder });

  it('makes no database to look at, applies what is due, takes the newest back and applies it again', async () => {
    const missing = `parlance: There is no file ${join(data.folder, 'parlance.db')}\n`;
    for (const word of ['status', 'down'])
      expect(await migrate(word)).toEqual({ code: 1, stdout: '', stderr: missing });
    expect(readdirSync(data.folder)).toEqual([]);
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

describeEachEngine(
  'parlance migrate down',
  (fresh) => {
    const data = temporaryFolder();
    afterAll(data.remove);

    test('is refused under a running server, and takes nothing back', async () => {
      const env = { DATA_DIR: data.folder, DATABASE_URL: fresh.url };
      const server = await startServerProcess(env);
      try {
        const ran = await runCommand(['migrate', 'down'], env);
        expect(ran).toMatchObject({ code: 1, stdout: '' });
        expect(ran.stderr).toMatch(
          /^parlance: Another program (has \S+ open: stop the server|is connected to \S+: stop every server) on it first\n$/,
        );
        const statuses = await fresh.store.migrations.status();
        expect(statuses.every(({ appliedAt }) => appliedAt !== null)).toBe(true);
      } finally {
        await server.stop();
      }
    });
  },
  { own: true },
);
