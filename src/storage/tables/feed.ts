import { DomainError } from '../../core/errors.ts';
import type { Change, FeedEntry } from '../../core/events.ts';
import type { FeedTable } from '../../core/store.ts';
import type { UserId } from '../../core/users/user.ts';
import type { Access, SqlTraits } from '../engines/engine.ts';
import { prepared, preparedList, type Placeholders } from '../prepare.ts';
import type { Schema } from '../schema.ts';
import { hydrate, type HydrationQueries } from './hydrate-feed.ts';

export const feedQueries = ({ builder, locks }: SqlTraits) => {
  const position = (p: Placeholders<{ user_id: number }>) =>
    builder.selectFrom('users').select('feed_position').where('id', '=', p('user_id'));
  return {
    lock: prepared((p: Placeholders<{ user_id: number }>) => locks.own(position(p))),
    position: prepared(position),
    append: preparedList((items: Placeholders<Schema['changes']>[]) =>
      builder.insertInto('changes').values(
        items.map((p) => ({
          user_id: p('user_id'),
          position: p('position'),
          type: p('type'),
          chat_id: p('chat_id'),
          message_id: p('message_id'),
          reply_id: p('reply_id'),
          chat_uuid: p('chat_uuid'),
          message_uuid: p('message_uuid'),
          created_at: p('created_at'),
        })),
      ),
    ),
    advance: prepared((p: Placeholders<{ user_id: number; position: number }>) =>
      builder
        .updateTable('users')
        .set({ feed_position: p('position') })
        .where('id', '=', p('user_id')),
    ),
    after: prepared((p: Placeholders<{ user_id: number; position: number; limit: number }>) =>
      builder
        .selectFrom('changes')
        .selectAll()
        .where('user_id', '=', p('user_id'))
        .where('position', '>', p('position'))
        .orderBy('position')
        .limit(p('limit')),
    ),
    oldest: prepared((p: Placeholders<{ user_id: number }>) =>
      builder
        .selectFrom('changes')
        .select('position')
        .where('user_id', '=', p('user_id'))
        .orderBy('position')
        .limit(1),
    ),
    createdBefore: prepared((p: Placeholders<{ before: number; limit: number }>) =>
      builder
        .selectFrom('changes')
        .select(['user_id', 'position'])
        .where('created_at', '<', p('before'))
        .limit(p('limit')),
    ),
    remove: prepared((p: Placeholders<{ user_id: number; position: number }>) =>
      builder.deleteFrom('changes').where('user_id', '=', p('user_id')).where('position', '=', p('position')),
    ),
  };
};

/** What a change refers to: never a copy of its text, so that what is deleted is deleted here too. */
const references = (
  change: Change,
): Pick<Schema['changes'], 'chat_id' | 'message_id' | 'reply_id' | 'chat_uuid' | 'message_uuid'> => {
  const nothing = { chat_id: null, message_id: null, reply_id: null, chat_uuid: null, message_uuid: null };
  switch (change.type) {
    case 'chat-created':
    case 'chat-updated':
      return { ...nothing, chat_id: change.chat.id };
    case 'branch-switched':
      return { ...nothing, chat_id: change.chat.id, message_uuid: change.after };
    case 'chat-deleted':
    case 'chat-cleared':
      return { ...nothing, chat_id: change.chatId, chat_uuid: change.chatUuid };
    case 'message-created':
    case 'message-updated':
    case 'message-delivered':
      return { ...nothing, message_id: change.message.id };
    case 'message-deleted':
      return {
        chat_id: change.chatId,
        message_id: change.messageId,
        reply_id: null,
        chat_uuid: change.chatUuid,
        message_uuid: change.messageUuid,
      };
    case 'reply-start':
    case 'reply-end':
      return { ...nothing, reply_id: change.reply.id, message_id: change.message?.id ?? null };
  }
};

/** Every user's changes, in order. */
export class StoredFeed implements FeedTable {
  readonly #access: Access;
  readonly #queries: ReturnType<typeof feedQueries>;
  readonly #hydration: HydrationQueries;

  constructor(access: Access, queries: ReturnType<typeof feedQueries>, hydration: HydrationQueries) {
    this.#access = access;
    this.#queries = queries;
    this.#hydration = hydration;
  }

  /** @throws DomainError `user-not-found` */
  async lock(userId: UserId): Promise<number> {
    const row = await this.#access.one(this.#queries.lock, { user_id: userId });
    if (!row) throw new DomainError('user-not-found');
    return row.feed_position;
  }

  async append(userId: UserId, entries: readonly FeedEntry[]): Promise<void> {
    const last = entries.at(-1);
    if (!last) return;
    const rows = entries.map(({ position, at, change }) => ({
      user_id: userId,
      position,
      type: change.type,
      created_at: at.getTime(),
      ...references(change),
    }));
    await this.#access.write(async (connection) => {
      for (const { query, items } of this.#queries.append.pieces(rows)) await connection.run(query, items);
      await connection.run(this.#queries.advance, { user_id: userId, position: last.position });
    });
  }

  async after(
    userId: UserId,
    position: number,
    limit: number,
  ): Promise<{ entries: FeedEntry[]; position: number }> {
    const rows = await this.#access.all(this.#queries.after, { user_id: userId, position, limit });
    return {
      entries: await hydrate(this.#access, this.#hydration, { userId, rows }),
      position: rows.at(-1)?.position ?? position,
    };
  }

  async position(userId: UserId): Promise<number> {
    return (await this.#access.one(this.#queries.position, { user_id: userId }))?.feed_position ?? 0;
  }

  async oldest(userId: UserId): Promise<number | undefined> {
    return (await this.#access.one(this.#queries.oldest, { user_id: userId }))?.position;
  }

  async purge(before: Date, limit: number): Promise<number> {
    return this.#access.write(async (connection) => {
      const old = await connection.all(this.#queries.createdBefore, { before: before.getTime(), limit });
      for (const place of old) await connection.run(this.#queries.remove, place);
      return old.length;
    });
  }
}
