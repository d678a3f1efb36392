import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openStorage, type Storage } from '../../src/storage/open-storage.ts';
import { quickFolder } from './quick-folder.ts';

export type TempStorage = { store: Storage; folder: string; url: string; dispose: () => Promise<void> };

/** A migrated database in a folder of its own; `dispose` closes and removes both. */
export const openTempStorage = async (): Promise<TempStorage> => {
  const file = await (migrated ??= migrate());
  const temp = await newFolder();
  await writeFile(temp.file, file);
  const store = await openStorage({ url: temp.url });
  const dispose = async () => {
    await store.close();
    await temp.remove();
  };
  return { store, folder: temp.folder, url: temp.url, dispose };
};

/** What all of them begin as: to migrate costs three times what everything else about opening one does. */
let migrated: Promise<Buffer> | undefined;

async function migrate(): Promise<Buffer> {
  const { file, url, remove } = await newFolder();
  const store = await openStorage({ url });
  await store.close();
  const bytes = await readFile(file);
  await remove();
  return bytes;
}

async function newFolder() {
  const folder = await mkdtemp(join(quickFolder, 'parlance-storage-'));
  const file = join(folder, 'parlance.db');
  const remove = () => rm(folder, { recursive: true, force: true });
  return { folder, file, url: `sqlite:${file}`, remove };
}
