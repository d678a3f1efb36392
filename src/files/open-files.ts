import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttachmentUuid } from '../core/attachments/attachment.ts';
import { DomainError } from '../core/errors.ts';
import type { Files } from '../core/ports.ts';
import { hasCode } from './has-code.ts';
import { onDisk } from './on-disk.ts';
import { fileNameOf, listFolder, spool } from './spool.ts';

/** Keeps files in a folder, which is made with the first one. Drafts are called `.part` until they are kept. */
export function openFiles(folder: string): Files {
  const pathOf = (uuid: AttachmentUuid) => join(folder, fileNameOf(uuid));
  const partOf = (uuid: AttachmentUuid) => `${pathOf(uuid)}.part`;

  const remove = (uuid: AttachmentUuid) =>
    onDisk(async () => {
      await rm(partOf(uuid), { force: true });
      await rm(pathOf(uuid), { force: true });
    });
  return {
    async draft(uuid, incoming) {
      const part = partOf(uuid);
      const spooled = await spool(part, incoming);
      return {
        ...spooled,
        keep: () => onDisk(() => keep(part, pathOf(uuid), folder)),
        drop: () => remove(uuid),
      };
    },
    async read(uuid, range) {
      const path = pathOf(uuid);
      try {
        const handle = await open(path);
        return handle.createReadStream(range ? { start: range.first, end: range.last } : {});
      } catch (thrown) {
        if (hasCode(thrown, 'ENOENT')) return undefined;
        throw new DomainError('files-unavailable', { cause: thrown });
      }
    },
    remove,
    list: (before) => listFolder(folder, before),
    close: async () => undefined,
  };
}

async function keep(part: string, path: string, folder: string): Promise<void> {
  await rename(part, path);
  // The name is durable once its folder is.
  const directory = await open(folder);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
