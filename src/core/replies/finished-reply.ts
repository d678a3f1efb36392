import { DomainError } from '../errors.ts';
import type { Message } from '../messages/message.ts';
import type { Actor } from '../ports.ts';
import { findReply, followReply, type FollowReply } from './follow-reply.ts';

type Deps = Parameters<typeof followReply>[0];

/**
 * Waits for a reply's end and gives its message. @throws DomainError the reply's own error, `reply-stopped` when it was stopped
 * without a word, `reply-not-found` when it went with its chat or its messages; an AbortError when the signal aborts
 */
export async function finishedReply(
  deps: Deps,
  actor: Actor,
  { key, signal }: Pick<FollowReply, 'key' | 'signal'>,
): Promise<Message> {
  for await (const event of followReply(deps, actor, { key, after: 0, signal })) {
    if (event.type !== 'reply-end') continue;
    const { reply, message } = event;
    if (message && (reply.state === 'complete' || reply.state === 'stopped')) return message;
    // The end of one whose rows are gone looks like a stop before its first word.
    if (reply.errorCode === null) await findReply(deps, actor, key);
    throw new DomainError(reply.errorCode ?? 'reply-stopped', retryLater(reply.state === 'failed'));
  }
  signal?.throwIfAborted();
  throw new DomainError('reply-interrupted');
}

const retryLater = (useful: boolean) => (useful ? { retryAfterSeconds: 5 } : {});
