import type { Chat } from '../chats/chat.ts';
import { requireChat } from '../chats/require-chat.ts';
import { requireLoose } from '../attachments/require-loose.ts';
import type { SendMessage, SentMessage } from '../core.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import { commitClaims } from '../replies/commit-claims.ts';
import { openReply, requireRoom } from '../replies/open-reply.ts';
import type { ReplyWriters } from '../replies/reply-writers.ts';
import type { Tables } from '../store.ts';
import { appendMessage } from './append-message.ts';
import { checkMessage, type MessageContent } from './check-message.ts';
import { checkPictures } from './check-pictures.ts';
import { isLongPicture, keepPicture, markOf } from './keep-picture.ts';
import { type Once, openOnce } from './once.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/**
 * Stores what the user said and opens the assistant's reply: both are durable when it resolves, so that a crash from here on loses
 * nothing. The same idempotency key and content give what the first call gave. @throws see `Messages.send` in `core.ts`
 */
export async function sendMessage(deps: Deps, actor: Actor, input: SendMessage): Promise<SentMessage> {
  const { imageUrl } = input;
  if (imageUrl && isLongPicture(deps, imageUrl)) return sendPicture(deps, actor, { input, url: imageUrl });
  const content = checkMessage(input, deps.limits);
  await checkPictures(deps, content);
  return commitSend(deps, actor, { input, content, once: openSend(actor, input, content) });
}

/** The same with an image that is too long for a message. */
async function sendPicture(
  deps: Deps,
  actor: Actor,
  { input, url }: { input: SendMessage; url: string },
): Promise<SentMessage> {
  const content = checkMessage({ ...input, imageUrl: markOf(url) }, deps.limits);
  await checkPictures(deps, { ...content, imageUrl: url });
  const once = openSend(actor, input, content);
  // What need not be kept is refused, or answered, first.
  const first = await firstSend(once, deps.store);
  if (first) return first;
  await requireChat(deps.store, actor, input.chat);
  return keepPicture(deps, actor, {
    url,
    send: (imageUrl) => commitSend(deps, actor, { input, content: { ...content, imageUrl }, once }),
  });
}

const openSend = (actor: Actor, { chat, idempotencyKey: key }: SendMessage, content: MessageContent): Once =>
  openOnce(actor, { key, parts: [chat, content] });

/** What the first send under the same key came to. @throws DomainError `idempotency-key-reused`, `message-not-found` */
async function firstSend(once: Once, tables: Tables): Promise<SentMessage | undefined> {
  const first = await once.first(tables);
  if (!first) return undefined;
  if (!first.reply) throw new DomainError('message-not-found');
  return { message: first.message, reply: first.reply, duplicate: true };
}

async function commitSend(
  deps: Deps,
  actor: Actor,
  { input, content, once }: { input: SendMessage; content: MessageContent; once: Once },
): Promise<SentMessage> {
  let chat: Chat | undefined;
  const sent = await commitClaims(deps, actor.userId, async (tables, record) => {
    const first = await firstSend(once, tables);
    if (first) return first;
    chat = await requireChat(tables, actor, input.chat);
    const open = await requireRoom(deps, tables, { chatId: chat.id, userId: actor.userId });
    const { attachments } = input;
    await requireLoose(tables, actor, attachments ?? []);
    const said = { chat, role: 'user' as const, content, attachments };
    const message = await appendMessage(deps, { tables, record }, said);
    const reply = await openReply(deps, { tables, record }, { chat, answers: message, open });
    await once.remember(tables, { message, replyId: reply.id });
    return { message, reply, duplicate: false };
  });

  // After the commit: a reply must never be written to a message that rolled back.
  if (!sent.duplicate && sent.reply.state === 'writing') deps.writers.start(sent.reply, chat ? { chat } : {});
  return sent;
}
