import type { CoreDependencies } from '../dependencies.ts';
import type { Actor } from '../ports.ts';
import type { AttachmentUuid } from './attachment.ts';
import { findAttachment } from './read-attachment.ts';

type Deps = Pick<CoreDependencies, 'store' | 'files'>;

/** Removes an attachment and its bytes. @throws DomainError `attachment-not-found` */
export async function removeAttachment(deps: Deps, actor: Actor, uuid: AttachmentUuid): Promise<void> {
  const { id } = await findAttachment(deps, actor, uuid);
  // The row first: bytes without a row are found later, a row without bytes would promise them.
  await deps.store.transaction(({ attachments }) => attachments.remove(id));
  await deps.files.remove(uuid);
}
