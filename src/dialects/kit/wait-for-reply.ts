import type { FastifyReply } from 'fastify';
import type { Core, SentMessage } from '../../core/core.ts';
import { DomainError } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import { isOpen } from '../../core/replies/reply.ts';
import { clientGone } from '../../http/client-gone.ts';

/**
 * The assistant's message, once its reply has ended: for dialects that answer a send with it. A client that goes away ends only
 * the waiting. @throws DomainError `request-in-flight` for a duplicate of a send that is still being answered; the reply's own failure;
 * `chat-not-found`, `reply-removed` where the chat was deleted or cleared meanwhile
 */
export async function waitForReply(
  core: Core,
  answer: FastifyReply,
  { reply, duplicate }: SentMessage,
): Promise<Message> {
  if (duplicate && isOpen(reply)) throw new DomainError('request-in-flight', { retryAfterSeconds: 1 });
  const { actor } = answer.request;
  try {
    return await core.replies.finished(actor, reply.id, clientGone(answer));
  } catch (thrown) {
    if (!(thrown instanceof DomainError && thrown.code === 'reply-not-found')) throw thrown;
    await core.chats.find(actor, reply.chatId);
    throw new DomainError('reply-removed');
  }
}
