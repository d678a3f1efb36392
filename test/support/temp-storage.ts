import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage, type Storage } from '../../src/storage/open-storage.ts';

export type TempStorage = { store: Storage; folder: string; url: string; dispose: () => Promise<void> };

/** A migrated database in a folder of its own; `dispose` closes and removes both. */
export const openTempStorage = async (): Promise<TempStorage> => {
  const folder = await mkdtemp(join(tmpdir(), 'parlance-storage-'));
  const url = `sqlite:${join(folder, 'parlance.db')}`;
  const store = await openStorage({ url });
  const dispose = async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { store, folder, url, dispose };
};
