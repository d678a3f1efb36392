import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor, FileDraft } from '../ports.ts';
import { firstCharacters, toUnicode } from '../unicode-text.ts';
import { uuidv7 } from '../uuidv7.ts';
import type { Attachment, AttachmentUuid } from './attachment.ts';
import { isAcceptedMediaType } from './media-types.ts';

export type StoreAttachment = { name: string; bytes: AsyncIterable<Uint8Array> };
type Deps = Pick<CoreDependencies, 'store' | 'files' | 'clock' | 'limits'>;

/**
 * Keeps a file for its owner; durable when it resolves. What fails, is refused or breaks off leaves nothing behind.
 * @throws DomainError `file-too-large`, `file-empty`, `file-type-refused`, `too-many-files`; whatever the bytes throw
 */
export async function storeAttachment(
  deps: Deps,
  actor: Actor,
  { name, bytes }: StoreAttachment,
): Promise<Attachment> {
  const { files, clock, limits } = deps;
  await requireRoom(deps, actor);
  const at = clock();
  const uuid = uuidv7(at) as AttachmentUuid;
  const draft = await files.draft(uuid, { bytes, limitBytes: limits.attachmentBytes });
  try {
    const mediaType = acceptedTypeOf(draft);
    await draft.keep();
    return await deps.store.transaction(({ attachments }) =>
      attachments.insert({
        uuid,
        userId: actor.userId,
        name: shownName(name),
        mediaType,
        sizeBytes: draft.sizeBytes,
        sha256: draft.sha256,
        at,
      }),
    );
  } catch (thrown) {
    await files.remove(uuid);
    throw thrown;
  }
}

function acceptedTypeOf({ mediaType, sizeBytes }: FileDraft): string {
  if (sizeBytes === 0) throw new DomainError('file-empty');
  if (!isAcceptedMediaType(mediaType)) throw new DomainError('file-type-refused');
  return mediaType;
}

/** Files that no message carries would otherwise fill the disk of whoever lets people upload. */
async function requireRoom({ store, limits }: Deps, { userId }: Actor): Promise<void> {
  const loose = await store.attachments.countLoose(userId);
  if (loose >= limits.looseAttachmentsPerUser) throw new DomainError('too-many-files');
}

/** The last part of what may be a path, in so many characters as are worth showing. */
function shownName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const visible = toUnicode(last).replaceAll(/\p{C}/gu, '').trim();
  return firstCharacters(visible, 200) || 'file';
}
