import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor, ByteRange } from '../ports.ts';
import type { Attachment, AttachmentUuid } from './attachment.ts';

type Deps = Pick<CoreDependencies, 'store' | 'files'>;

/** The actor's attachment. @throws DomainError `attachment-not-found` (another user's too) */
export async function findAttachment(
  { store }: Pick<Deps, 'store'>,
  actor: Actor,
  uuid: AttachmentUuid,
): Promise<Attachment> {
  const attachment = await store.attachments.find(actor.userId, uuid);
  if (!attachment) throw new DomainError('attachment-not-found');
  return attachment;
}

export type ReadAttachment = { uuid: AttachmentUuid; range: ByteRange | undefined };

/** An attachment with its bytes, or some of them, which are read as they are taken. @throws DomainError `attachment-not-found` */
export async function readAttachment(
  deps: Deps,
  actor: Actor,
  { uuid, range }: ReadAttachment,
): Promise<{ attachment: Attachment; bytes: AsyncIterable<Uint8Array> }> {
  const attachment = await findAttachment(deps, actor, uuid);
  const bytes = await deps.files.read(uuid, range);
  if (!bytes) throw new DomainError('attachment-not-found');
  return { attachment, bytes };
}
