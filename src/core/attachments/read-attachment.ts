import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import type { Attachment, AttachmentUuid } from './attachment.ts';

type Deps = Pick<CoreDependencies, 'store' | 'files'>;

/** The actor's attachment. @throws DomainError `attachment-not-found` (another user's too) */
export async function requireAttachment(
  { store }: Pick<Deps, 'store'>,
  actor: Actor,
  uuid: AttachmentUuid,
): Promise<Attachment> {
  const attachment = await store.attachments.find(actor.userId, uuid);
  if (!attachment) throw new DomainError('attachment-not-found');
  return attachment;
}

/** An attachment with its bytes, which are read as they are taken. @throws DomainError `attachment-not-found` */
export async function readAttachment(
  deps: Deps,
  actor: Actor,
  uuid: AttachmentUuid,
): Promise<{ attachment: Attachment; bytes: AsyncIterable<Uint8Array> }> {
  const attachment = await requireAttachment(deps, actor, uuid);
  const bytes = await deps.files.read(uuid);
  if (!bytes) throw new DomainError('attachment-not-found');
  return { attachment, bytes };
}
