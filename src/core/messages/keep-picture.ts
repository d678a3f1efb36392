import { createHash } from 'node:crypto';
import type { AttachmentUuid } from '../attachments/attachment.ts';
import { attachmentUrl } from '../attachments/attachment-url.ts';
import { removeAttachment } from '../attachments/remove-attachment.ts';
import { storeAttachment } from '../attachments/store-attachment.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';

/** Whether it is an image in a `data:` URL that is too long for a message: one that is kept as a file instead. */
export const isLongPicture = ({ limits }: Pick<CoreDependencies, 'limits'>, url: string): boolean =>
  url.length > limits.imageUrlLength && /^\s*data:/i.test(url);

/** What a send with such an image is known by: its file has another name each time. */
export const markOf = (url: string): string => `sha256:${createHash('sha256').update(url).digest('hex')}`;

/**
 * Keeps an image of a `data:` URL as a file of the sender, and gives the file's URL to `send`. Where that sends nothing new, the file goes
 * again. @throws DomainError as `Attachments.store`; whatever `send` throws
 */
export async function keepPicture<Sent extends { duplicate: boolean }>(
  deps: CoreDependencies,
  actor: Actor,
  { url, send }: { url: string; send: (imageUrl: string) => Promise<Sent> },
): Promise<Sent> {
  const { uuid } = await storeAttachment(deps, actor, { name: 'image', bytes: bytesOf(url) });
  try {
    const sent = await send(attachmentUrl(uuid));
    if (sent.duplicate) await drop(deps, actor, uuid);
    return sent;
  } catch (thrown) {
    // Nobody knows whether a message carries it when the database went away: else the one who tidies up has it in a day.
    if (DomainError.from(thrown).code !== 'storage-unavailable') await drop(deps, actor, uuid);
    throw thrown;
  }
}

async function* bytesOf(url: string): AsyncGenerator<Buffer> {
  yield Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

async function drop(deps: CoreDependencies, actor: Actor, uuid: AttachmentUuid): Promise<void> {
  await removeAttachment(deps, actor, uuid).catch((failed: unknown) => {
    // The one who tidies up finds it after a day.
    const { code, cause } = DomainError.from(failed);
    deps.log.warn({ code, err: cause }, 'could not remove the image of a message that was not sent');
  });
}
