import { createHash } from 'node:crypto';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import type { Reply, ReplyId } from '../replies/reply.ts';
import type { Tables } from '../store.ts';
import { checkIdempotencyKey } from './check-message.ts';
import type { Message } from './message.ts';

/** A send under an idempotency key: what came of the first one, and the note that this is it. Without a key both do nothing. */
export type Once = {
  /** @throws DomainError `idempotency-key-reused` for other content, `message-not-found` when it was deleted since */
  first(tables: Tables): Promise<{ message: Message; reply: Reply | undefined } | undefined>;
  /** Durable with the caller's transaction. @throws DomainError `request-in-flight` */
  remember(tables: Tables, sent: { message: Message; replyId: ReplyId | null }): Promise<void>;
};

/** @throws DomainError `idempotency-key-invalid` */
export function openOnce(
  { userId }: Actor,
  { key: given, parts }: { key: string | undefined; parts: readonly unknown[] },
): Once {
  const key = checkIdempotencyKey(given);
  if (key === undefined) return { first: async () => undefined, remember: async () => undefined };
  const contentHash = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return {
    async first(tables) {
      const first = await tables.idempotencyKeys.find(userId, key);
      if (!first) return undefined;
      if (first.contentHash !== contentHash) throw new DomainError('idempotency-key-reused');
      const message = await tables.messages.find(userId, first.messageId);
      // It was sent, and deleted since: sending it again would bring back what the user removed.
      if (!message) throw new DomainError('message-not-found');
      const reply = first.replyId === null ? undefined : await tables.replies.find(userId, first.replyId);
      return { message, reply };
    },
    async remember(tables, { message, replyId }) {
      const stored = { contentHash, messageId: message.id, replyId, at: message.createdAt };
      await tables.idempotencyKeys.insert(userId, key, stored);
    },
  };
}
