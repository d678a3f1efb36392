import type { AttachmentUuid } from '../core/attachments/attachment.ts';
import { isAcceptedMediaType } from '../core/attachments/media-types.ts';
import type { Files } from '../core/ports.ts';
import type { AttachmentRecord } from './records.ts';
import { at, type Lined } from './read-archive.ts';

/** What is known of a file, by its content. */
export type ImportedFile = { media_type: string; width: number | null; height: number | null };
type Place = { files: Files; uuid: AttachmentUuid; limitBytes: number };

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Keeps the bytes of an attachment; where the archive has none, those that are there already count. Undefined: there are none.
 * @throws ArchiveError for bytes that are not what the archive says, or that nobody could upload
 */
export async function importFile(
  { line, record }: Lined<AttachmentRecord>,
  { files, uuid, limitBytes }: Place,
): Promise<ImportedFile | undefined> {
  const { bytes: text, sha256, size_bytes: size, media_type, width, height } = record;
  const known = { media_type, width, height };
  if (text === undefined) return (await isThere(files, uuid)) ? known : undefined;
  const bytes = base64.test(text) ? Buffer.from(text, 'base64') : undefined;
  if (!bytes || bytes.length > limitBytes) throw at(line, 'bytes are not base64, or too many');
  const draft = await files.draft(uuid, { bytes: once(bytes), limitBytes });
  try {
    if (draft.sha256 !== sha256 || draft.sizeBytes !== size)
      throw at(line, 'bytes are not those of its sha256 and size_bytes');
    if (!isAcceptedMediaType(draft.mediaType)) throw at(line, 'bytes are of a type that is not accepted');
    await draft.keep();
    const { picture, mediaType } = draft;
    return { media_type: mediaType, width: picture?.width ?? null, height: picture?.height ?? null };
  } catch (thrown) {
    await draft.drop();
    throw thrown;
  }
}

async function isThere(files: Files, uuid: AttachmentUuid): Promise<boolean> {
  const bytes = await files.read(uuid, { first: 0, last: 0 });
  if (!bytes) return false;
  for await (const _ of bytes) break;
  return true;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
