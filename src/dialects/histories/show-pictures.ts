import { buffer } from 'node:stream/consumers';
import type { AttachmentUuid } from '../../core/attachments/attachment.ts';
import { attachmentsAmong } from '../../core/attachments/attachment-url.ts';
import type { Core } from '../../core/core.ts';
import { DomainError } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Actor } from '../../core/ports.ts';
import type { UserId } from '../../core/users/user.ts';

type Reader = { attachments: Pick<Core['attachments'], 'find' | 'read'> };

/** Of all pictures in an answer together, so that a chat full of photographs can still be listed. */
const shownBytes = 16 * 1024 * 1024;

/** The answer of each user that is being filled last: they take turns, or a user who asks often would hold as many in memory. */
const turns = new Map<UserId, Promise<unknown>>();

/**
 * Messages whose image is an upload, with the picture itself as a data URL: the app puts it into an `<img>`, which sends no token. The
 * newest come first; those for which there is no room, and what cannot be read, keep their address.
 */
export async function showPictures(
  core: Reader,
  actor: Actor,
  messages: readonly Message[],
): Promise<Message[]> {
  if (!messages.some(({ imageUrl }) => attachmentsAmong([imageUrl ?? '']).length > 0)) return [...messages];
  const { userId } = actor;
  const turn = (turns.get(userId) ?? Promise.resolve())
    .catch(() => undefined)
    .then(() => fillIn(core, actor, messages));
  turns.set(userId, turn);
  try {
    return await turn;
  } finally {
    if (turns.get(userId) === turn) turns.delete(userId);
  }
}

async function fillIn(core: Reader, actor: Actor, messages: readonly Message[]): Promise<Message[]> {
  const shown: Message[] = [];
  let left = shownBytes;
  for (const message of messages.toReversed()) {
    const [uuid] = attachmentsAmong([message.imageUrl ?? '']);
    const picture = uuid && (await readPicture(core, actor, { uuid, mostBytes: left }));
    left -= picture?.sizeBytes ?? 0;
    shown.push(picture ? { ...message, imageUrl: picture.url } : message);
  }
  return shown.toReversed();
}

async function readPicture(
  { attachments }: Reader,
  actor: Actor,
  { uuid, mostBytes }: { uuid: AttachmentUuid; mostBytes: number },
): Promise<{ url: string; sizeBytes: number } | undefined> {
  try {
    const { mediaType, sizeBytes } = await attachments.find(actor, uuid);
    if (!mediaType.startsWith('image/') || sizeBytes > mostBytes) return undefined;
    const { bytes } = await attachments.read(actor, uuid);
    return { url: `data:${mediaType};base64,${(await buffer(bytes)).toString('base64')}`, sizeBytes };
  } catch (thrown) {
    // It was removed, or files are away, which reading tells in many ways: the words are shown all the same.
    if (DomainError.from(thrown).code === 'storage-unavailable') throw thrown;
    return undefined;
  }
}
