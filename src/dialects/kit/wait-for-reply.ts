import type { FastifyReply } from 'fastify';
import type { Core, SentMessage } from '../../core/core.ts';
import { DomainError } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import { isOpen } from '../../core/replies/reply.ts';
import { clientGone } from '../../http/client-gone.ts';

/**
 * The assistant's message, once its reply has ended: for dialects that answer a send with it. A client that goes away ends only
 * the waiting. @throws DomainError `request-in-flight` for a duplicate of a send that is still being answered; the reply's own failure
 */
export async function waitForReply(
  core: Core,
  answer: FastifyReply,
  { reply, duplicate }: SentMessage,
): Promise<Message> {
  if (duplicate && isOpen(reply)) throw new DomainError('request-in-flight', { retryAfterSeconds: 1 });
  return core.replies.finished(answer.request.actor, reply.id, clientGone(answer));
}
