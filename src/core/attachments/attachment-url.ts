import type { AttachmentUuid } from './attachment.ts';

const pattern = /(?:^|\/)uploads\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Where an attachment is served, and by what a message names it. */
export const attachmentUrl = (uuid: AttachmentUuid): string => `/uploads/${uuid}`;

/** The attachments among the URLs of a message, each once. Whether they are there, and whose, is not known yet. */
export function attachmentsAmong(urls: readonly string[]): AttachmentUuid[] {
  const uuids = urls.flatMap((url) => pattern.exec(url)?.[1] ?? []);
  return [...new Set(uuids)] as AttachmentUuid[];
}
