import type { MessageId } from '../../core/messages/message.ts';
import type { IdempotencyKeyTable, IdempotencyRecord } from '../../core/store.ts';
import type { ReplyId } from '../../core/replies/reply.ts';
import type { UserId } from '../../core/users/user.ts';
import type { Access } from '../engines/engine.ts';
import { prepared, type Placeholders } from '../prepare.ts';
import type { Builder, Schema } from '../schema.ts';

type Place = { user_id: number; key: string };

export const idempotencyKeyQueries = (builder: Builder) => ({
  find: prepared((p: Placeholders<Place>) =>
    builder
      .selectFrom('idempotency_keys')
      .select(['content_hash', 'message_id', 'reply_id'])
      .where('user_id', '=', p('user_id'))
      .where('key', '=', p('key')),
  ),
  insert: prepared((p: Placeholders<Schema['idempotency_keys']>) =>
    builder.insertInto('idempotency_keys').values({
      user_id: p('user_id'),
      key: p('key'),
      content_hash: p('content_hash'),
      message_id: p('message_id'),
      reply_id: p('reply_id'),
      created_at: p('created_at'),
    }),
  ),
  createdBefore: prepared((p: Placeholders<{ before: number; limit: number }>) =>
    builder
      .selectFrom('idempotency_keys')
      .select(['user_id', 'key'])
      .where('created_at', '<', p('before'))
      .limit(p('limit')),
  ),
  remove: prepared((p: Placeholders<Place>) =>
    builder.deleteFrom('idempotency_keys').where('user_id', '=', p('user_id')).where('key', '=', p('key')),
  ),
});

/** What was answered under which key. A record outlives the message that it names. */
export class StoredIdempotencyKeys implements IdempotencyKeyTable {
  readonly #access: Access;
  readonly #queries: ReturnType<typeof idempotencyKeyQueries>;

  constructor(access: Access, queries: ReturnType<typeof idempotencyKeyQueries>) {
    this.#access = access;
    this.#queries = queries;
  }

  async find(userId: UserId, key: string): Promise<IdempotencyRecord | undefined> {
    const row = await this.#access.one(this.#queries.find, { user_id: userId, key });
    return (
      row && {
        contentHash: row.content_hash,
        messageId: row.message_id as MessageId,
        replyId: row.reply_id as ReplyId | null,
      }
    );
  }

  async insert(userId: UserId, key: string, record: IdempotencyRecord & { at: Date }): Promise<void> {
    const values = {
      user_id: userId,
      key,
      content_hash: record.contentHash,
      message_id: record.messageId,
      reply_id: record.replyId,
      created_at: record.at.getTime(),
    };
    await this.#access.write((connection) => connection.run(this.#queries.insert, values));
  }

  async purge(before: Date, limit: number): Promise<number> {
    return this.#access.write(async (connection) => {
      const old = await connection.all(this.#queries.createdBefore, { before: before.getTime(), limit });
      for (const place of old) await connection.run(this.#queries.remove, place);
      return old.length;
    });
  }
}
