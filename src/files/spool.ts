import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, opendir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AttachmentUuid } from '../core/attachments/attachment.ts';
import { DomainError } from '../core/errors.ts';
import type { FileDraft } from '../core/ports.ts';
import { hasCode } from './has-code.ts';
import { mediaTypeOf } from './media-type.ts';
import { onDisk } from './on-disk.ts';
import { readPicture } from './picture/read-picture.ts';
import { TextCheck } from './text-check.ts';

/** What a file that came in says of itself. */
export type Spooled = Pick<FileDraft, 'sizeBytes' | 'sha256' | 'mediaType' | 'picture'>;
type Incoming = { bytes: AsyncIterable<Uint8Array>; limitBytes: number };

/**
 * Writes what comes in to a new file and looks at its content; durable when it resolves. The folder is made where it is missing. What
 * fails leaves nothing. @throws DomainError `file-too-large`, `files-unavailable`; whatever the bytes throw
 */
export async function spool(path: string, { bytes, limitBytes }: Incoming): Promise<Spooled> {
  await onDisk(() => mkdir(dirname(path), { recursive: true, mode: 0o700 }));
  const handle = await onDisk(() => open(path, 'wx', 0o600));
  try {
    const { isText, ...written } = await write(handle, bytes, limitBytes);
    await onDisk(() => handle.close());
    return await onDisk(async () => {
      const mediaType = await mediaTypeOf(path, isText);
      return { ...written, mediaType, picture: await readPicture(path, mediaType) };
    });
  } catch (thrown) {
    // Closed already where its content could not be looked at.
    await handle.close().catch(() => undefined);
    await rm(path, { force: true });
    throw thrown;
  }
}

async function write(handle: FileHandle, bytes: AsyncIterable<Uint8Array>, limitBytes: number) {
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

const namePattern = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(\.part)?$/;

/** Whether this is a name under which a file is kept. */
export const isFileName = (name: string): name is AttachmentUuid =>
  namePattern.test(name) && !name.endsWith('.part');

/** The name under which a file is kept. @throws DomainError `attachment-not-found` for anything but a UUID */
export function fileNameOf(uuid: AttachmentUuid): string {
  if (!isFileName(uuid)) throw new DomainError('attachment-not-found');
  return uuid;
}

/** The files and drafts of a folder that were last written before a time; other names are nobody's. @throws DomainError `files-unavailable` */
export async function* listFolder(
  folder: string,
  before: Date,
): AsyncGenerator<{ uuid: AttachmentUuid; isDraft: boolean }> {
  try {
    for await (const { name } of await opendir(folder)) {
      const [, uuid, part] = namePattern.exec(name) ?? [];
      if (uuid === undefined) continue;
      const changed = await stat(join(folder, name)).catch(() => undefined);
      if (changed && changed.mtime < before) {
        yield { uuid: uuid as AttachmentUuid, isDraft: part !== undefined };
      }
    }
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT')) throw new DomainError('files-unavailable', { cause });
  }
}
