import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import type { Tables } from '../store.ts';
import type { AttachmentUuid } from './attachment.ts';

/** @throws DomainError `attachment-not-found` (another user's too), `attachment-taken` where a message carries one already */
export async function requireLoose(
  { attachments }: Tables,
  { userId }: Actor,
  uuids: readonly AttachmentUuid[],
): Promise<void> {
  for (const uuid of uuids) {
    const attachment = await attachments.find(userId, uuid);
    if (!attachment) throw new DomainError('attachment-not-found');
    if (attachment.messageId !== null) throw new DomainError('attachment-taken');
  }
}
