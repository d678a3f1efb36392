import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor, FileDraft } from '../ports.ts';
import type { Tables } from '../store.ts';
import { firstCharacters, toUnicode } from '../unicode-text.ts';
import { uuidv7 } from '../uuidv7.ts';
import type { Attachment, AttachmentUuid } from './attachment.ts';
import { isAcceptedMediaType } from './media-types.ts';
import { requirePixels } from './require-pixels.ts';

export type StoreAttachment = { name: string; bytes: AsyncIterable<Uint8Array> };
type Deps = Pick<CoreDependencies, 'store' | 'files' | 'clock' | 'limits' | 'log'>;

/**
 * Keeps a file for its owner; durable when it resolves. What fails, is refused or breaks off leaves nothing behind.
 * @throws DomainError see `Attachments.store` in `core.ts`
 */
export async function storeAttachment(
  deps: Deps,
  actor: Actor,
  { name, bytes }: StoreAttachment,
): Promise<Attachment> {
  const { files, clock, limits } = deps;
  await requireRoom(deps, deps.store, { actor, sizeBytes: 1 });
  const at = clock();
  const uuid = uuidv7(at) as AttachmentUuid;
  const draft = await files.draft(uuid, { bytes, limitBytes: limits.attachmentBytes });
  try {
    const { sizeBytes, sha256 } = draft;
    const mediaType = acceptedTypeOf(draft);
    const { width, height } = boundedPicture(deps, mediaType, draft);
    await requireRoom(deps, deps.store, { actor, sizeBytes });
    await draft.keep();
    return await deps.store.transaction(async (tables) => {
      // Uploads that come together take turns, and each is counted before the next is looked at.
      await tables.feed.lock(actor.userId);
      await requireRoom(deps, tables, { actor, sizeBytes });
      const shown = shownName(name);
      const known = { uuid, userId: actor.userId, name: shown, mediaType, sizeBytes, sha256, width, height };
      return tables.attachments.insert({ ...known, at });
    });
  } catch (thrown) {
    // Nobody knows whether the row is there when the database goes away: then the one who tidies up looks, after a day.
    if (DomainError.from(thrown).code === 'storage-unavailable') throw thrown;
    await draft.drop().catch((failed: unknown) => {
      // The one who tidies up finds it after a day.
      const { code, cause } = DomainError.from(failed);
      deps.log.warn({ code, err: cause }, 'could not remove a file that was refused');
    });
    throw thrown;
  }
}

function acceptedTypeOf({ mediaType, sizeBytes }: FileDraft): string {
  if (sizeBytes === 0) throw new DomainError('file-empty');
  if (!isAcceptedMediaType(mediaType)) throw new DomainError('file-type-refused');
  return mediaType;
}

/** An image that does not say how large it is may be anything. */
function boundedPicture(
  { limits }: Deps,
  mediaType: string,
  { picture }: FileDraft,
): { width: number | null; height: number | null } {
  if (!mediaType.startsWith('image/')) return { width: null, height: null };
  if (!picture) throw new DomainError('file-type-refused');
  requirePixels(picture, limits);
  return { width: picture.width, height: picture.height };
}

type Wanted = { actor: Actor; sizeBytes: number };

/** Files would otherwise fill the disk of whoever lets people upload. */
async function requireRoom(
  { limits }: Deps,
  { attachments }: Tables,
  { actor: { userId }, sizeBytes }: Wanted,
): Promise<void> {
  if ((await attachments.countLoose(userId)) >= limits.looseAttachmentsPerUser) {
    throw new DomainError('too-many-files');
  }
  const total = await attachments.totalBytes(userId);
  if (total + sizeBytes > limits.attachmentBytesPerUser) throw new DomainError('quota-exceeded');
}

/** The last part of what may be a path, in so many characters as are worth showing. */
function shownName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const visible = toUnicode(last).replaceAll(/\p{C}/gu, '').trim();
  return firstCharacters(visible, 200) || 'file';
}
