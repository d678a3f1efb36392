import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttachmentUuid } from '../core/attachments/attachment.ts';
import { DomainError } from '../core/errors.ts';
import type { FileDraft, Files } from '../core/ports.ts';
import { mediaTypeOf } from './media-type.ts';
import { TextCheck } from './text-check.ts';

/** Keeps files in a folder, which is made with the first one. Drafts are called `.part` until they are kept. */
export function openFiles(folder: string): Files {
  const pathOf = (uuid: AttachmentUuid) => join(folder, requireName(uuid));
  const partOf = (uuid: AttachmentUuid) => `${pathOf(uuid)}.part`;

  return {
    async draft(uuid, { bytes, limitBytes }) {
      await onDisk(() => mkdir(folder, { recursive: true, mode: 0o700 }));
      const part = partOf(uuid);
      const handle = await onDisk(() => open(part, 'wx', 0o600));
      try {
        const written = await write(handle, bytes, limitBytes);
        await onDisk(() => handle.close());
        const mediaType = await onDisk(() => mediaTypeOf(part, written.isText));
        return { ...written, mediaType, keep: () => onDisk(() => keep(part, pathOf(uuid), folder)) };
      } catch (thrown) {
        // Closed already where the type could not be found out.
        await handle.close().catch(() => undefined);
        await rm(part, { force: true });
        throw thrown;
      }
    },
    async read(uuid) {
      const path = pathOf(uuid);
      try {
        return (await open(path)).createReadStream();
      } catch (thrown) {
        if (hasCode(thrown, 'ENOENT')) return undefined;
        throw new DomainError('storage-unavailable', { cause: thrown });
      }
    },
    async remove(uuid) {
      await onDisk(async () => {
        await rm(partOf(uuid), { force: true });
        await rm(pathOf(uuid), { force: true });
      });
    },
    async *list(before) {
      try {
        for await (const { name } of await opendir(folder)) {
          const [, uuid, part] = namePattern.exec(name) ?? [];
          if (uuid === undefined) continue;
          const changed = await stat(join(folder, name)).catch(() => undefined);
          if (changed && changed.mtime < before) {
            yield { uuid: uuid as AttachmentUuid, isDraft: part !== undefined };
          }
        }
      } catch (thrown) {
        if (!hasCode(thrown, 'ENOENT')) throw new DomainError('storage-unavailable', { cause: thrown });
      }
    },
  };
}

const namePattern = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(\.part)?$/;

function requireName(uuid: AttachmentUuid): string {
  if (!namePattern.test(uuid) || uuid.endsWith('.part')) throw new DomainError('attachment-not-found');
  return uuid;
}

type Written = Pick<FileDraft, 'sizeBytes' | 'sha256'> & { isText: boolean };

async function write(
  handle: FileHandle,
  bytes: AsyncIterable<Uint8Array>,
  limitBytes: number,
): Promise<Written> {
  const hash = createHash('sha256');
  const text = new TextCheck();
  let sizeBytes = 0;
  for await (const chunk of bytes) {
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes) throw new DomainError('file-too-large');
    hash.update(chunk);
    text.add(chunk);
    await onDisk(() => handle.appendFile(chunk));
  }
  await onDisk(() => handle.sync());
  return { sizeBytes, sha256: hash.digest('hex'), isText: text.end() };
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

/** What the disk refuses is a storage that is away. */
async function onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw new DomainError('storage-unavailable', { cause });
  }
}

const hasCode = (thrown: unknown, code: string): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === code;
