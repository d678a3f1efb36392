import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { startJanitor } from '../../src/core/janitor.ts';
import { openFiles } from '../../src/files/open-files.ts';
import { silentLog } from '../support/temp-core.ts';
import { openTempStorage } from '../support/temp-storage.ts';

afterEach(() => void vi.useRealTimers());

it('a running server removes files of which nobody knows', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parlance-janitor-'));
  const { store, dispose } = await openTempStorage();
  const unknown = join(folder, '0190a000-0000-7000-8000-000000000000');
  writeFileSync(unknown, 'nobody knows it');
  const longAgo = new Date(Date.now() - 2 * 24 * 3_600_000);
  utimesSync(unknown, longAgo, longAgo);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const janitor = startJanitor({ store, files: openFiles(folder), clock: () => new Date(), log: silentLog });
  vi.advanceTimersByTime(10 * 60_000);
  // It ends the round that has begun.
  await janitor.stop();
  expect(readdirSync(folder)).toEqual([]);
  await dispose();
  rmSync(folder, { recursive: true });
});
