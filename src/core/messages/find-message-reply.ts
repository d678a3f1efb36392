import { DomainError } from '../errors.ts';
import type { CoreDependencies } from '../dependencies.ts';
import type { Actor } from '../ports.ts';
import type { Reply } from '../replies/reply.ts';
import { findMessage } from './find-message.ts';
import type { MessageKey } from './message.ts';

/**
 * The newest reply that writes or wrote an assistant's message, or answers a user's, however it ended.
 * @throws DomainError `message-not-found`, `reply-not-found` (nobody was asked)
 */
export async function findMessageReply(
  { store }: CoreDependencies,
  actor: Actor,
  key: MessageKey,
): Promise<Reply> {
  const message = await findMessage(store, actor, key);
  const reply = await (message.role === 'user'
    ? store.replies.findByQuestion(message)
    : store.replies.findByMessage(message.id));
  if (!reply) throw new DomainError('reply-not-found');
  return reply;
}
