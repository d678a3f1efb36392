import type { RawBuilder, Selectable } from 'kysely';
import type { Chat, ChatId, ChatKey, ChatUuid } from '../../core/chats/chat.ts';
import type { ChatPatch, ChatTable, NewChat, TimeCursor } from '../../core/store.ts';
import type { UserId } from '../../core/users/user.ts';
import type { Access } from '../engines/engine.ts';
import { prepared, preparedPatch, type Placeholders } from '../prepare.ts';
import type { Builder, Schema } from '../schema.ts';
import { patchColumns, toDate } from './columns.ts';

export const toChat = (row: Selectable<Schema['chats']>): Chat => ({
  id: row.id as ChatId,
  uuid: row.uuid as ChatUuid,
  userId: row.user_id as UserId,
  title: row.title,
  titled: row.titled === 1,
  pinned: row.pinned === 1,
  messageCount: row.message_count,
  lastMessageAt: toDate(row.last_message_at),
  lastMessageText: row.last_message_text,
  revision: row.revision,
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
});

const columnOf: Record<keyof ChatPatch, keyof Schema['chats']> = {
  title: 'title',
  titled: 'titled',
  pinned: 'pinned',
  messageCount: 'message_count',
  lastMessageAt: 'last_message_at',
  lastMessageText: 'last_message_text',
  revision: 'revision',
  updatedAt: 'updated_at',
};

type Insert = Pick<Schema['chats'], 'uuid' | 'user_id' | 'title' | 'titled' | 'created_at'>;
type Page = { user_id: number; limit: number; offset: number };
type PageAfter = Page & { at: number; id: number };

const walk = (builder: Builder, p: Placeholders<Page>, pinned: RawBuilder<number> | number) =>
  builder.selectFrom('chats').selectAll().where('user_id', '=', p('user_id')).where('pinned', '=', pinned);

// The first condition bounds the walk of the index, the second cuts off the ties.
const walkAfter = (builder: Builder, p: Placeholders<PageAfter>, pinned: RawBuilder<number> | number) =>
  walk(builder, p, pinned)
    .where('updated_at', '<=', p('at'))
    .where((where) => where.or([where('updated_at', '<', p('at')), where('id', '<', p('id'))]));

const newestFirst = (rows: ReturnType<typeof walk>, p: Placeholders<Page>) =>
  rows.orderBy('updated_at', 'desc').orderBy('id', 'desc').limit(p('limit')).offset(p('offset'));

export const chatQueries = (builder: Builder) => ({
  insert: prepared((p: Placeholders<Insert>) =>
    builder.insertInto('chats').values({
      uuid: p('uuid'),
      user_id: p('user_id'),
      title: p('title'),
      titled: p('titled'),
      pinned: 0,
      message_count: 0,
      last_message_text: '',
      revision: 1,
      created_at: p('created_at'),
      updated_at: p('created_at'),
    }),
  ),
  findById: prepared((p: Placeholders<{ id: number; user_id: number }>) =>
    builder.selectFrom('chats').selectAll().where('id', '=', p('id')).where('user_id', '=', p('user_id')),
  ),
  findByUuid: prepared((p: Placeholders<{ uuid: string; user_id: number }>) =>
    builder.selectFrom('chats').selectAll().where('uuid', '=', p('uuid')).where('user_id', '=', p('user_id')),
  ),
  ownerById: prepared((p: Placeholders<{ id: number }>) =>
    builder.selectFrom('chats').select('user_id').where('id', '=', p('id')),
  ),
  ownerByUuid: prepared((p: Placeholders<{ uuid: string }>) =>
    builder.selectFrom('chats').select('user_id').where('uuid', '=', p('uuid')),
  ),
  // The one index begins with `pinned`, and the two walks of it are merged: a second index without would cost each message a write.
  first: prepared((p: Placeholders<Page>) =>
    newestFirst(walk(builder, p, 0).unionAll(walk(builder, p, 1)), p),
  ),
  next: prepared((p: Placeholders<PageAfter>) =>
    newestFirst(walkAfter(builder, p, 0).unionAll(walkAfter(builder, p, 1)), p),
  ),
  firstPinned: prepared((p: Placeholders<Page & { pinned: number }>) =>
    newestFirst(walk(builder, p, p('pinned')), p),
  ),
  nextPinned: prepared((p: Placeholders<PageAfter & { pinned: number }>) =>
    newestFirst(walkAfter(builder, p, p('pinned')), p),
  ),
  count: prepared((p: Placeholders<{ user_id: number }>) =>
    builder
      .selectFrom('chats')
      .select((chats) => chats.fn.countAll<number>().as('total'))
      .where('user_id', '=', p('user_id')),
  ),
  patch: preparedPatch((set, id) => builder.updateTable('chats').set(set).where('id', '=', id)),
  remove: prepared((p: Placeholders<{ id: number }>) =>
    builder.deleteFrom('chats').where('id', '=', p('id')),
  ),
});

/** The conversations. */
export class StoredChats implements ChatTable {
  readonly #access: Access;
  readonly #queries: ReturnType<typeof chatQueries>;

  constructor(access: Access, queries: ReturnType<typeof chatQueries>) {
    this.#access = access;
    this.#queries = queries;
  }

  async insert(chat: NewChat): Promise<Chat> {
    const values = {
      uuid: chat.uuid,
      user_id: chat.userId,
      title: chat.title,
      titled: chat.titled ? 1 : 0,
      created_at: chat.at.getTime(),
    };
    const id = await this.#access.write((connection) => connection.insert(this.#queries.insert, values));
    return {
      id: id as ChatId,
      uuid: chat.uuid,
      userId: chat.userId,
      title: chat.title,
      titled: chat.titled,
      pinned: false,
      messageCount: 0,
      lastMessageAt: null,
      lastMessageText: '',
      revision: 1,
      createdAt: chat.at,
      updatedAt: chat.at,
    };
  }

  async find(owner: UserId, key: ChatKey): Promise<Chat | undefined> {
    const row = await (typeof key === 'number'
      ? this.#access.one(this.#queries.findById, { id: key, user_id: owner })
      : this.#access.one(this.#queries.findByUuid, { uuid: key, user_id: owner }));
    return row && toChat(row);
  }

  async isForeign(owner: UserId, key: ChatKey): Promise<boolean> {
    const row = await (typeof key === 'number'
      ? this.#access.one(this.#queries.ownerById, { id: key })
      : this.#access.one(this.#queries.ownerByUuid, { uuid: key }));
    return row !== undefined && row.user_id !== owner;
  }

  async list(owner: UserId, page: Parameters<ChatTable['list']>[1]): Promise<Chat[]> {
    const { limit, offset = 0 } = page;
    const rows = await this.#page({ user_id: owner, limit, offset }, page.after, page.pinned);
    return rows.map(toChat);
  }

  async count(owner: UserId): Promise<number> {
    return (await this.#access.one(this.#queries.count, { user_id: owner }))?.total ?? 0;
  }

  #page(page: Page, after: TimeCursor | null, pinned: boolean | undefined) {
    const { first, next, firstPinned, nextPinned } = this.#queries;
    if (pinned === undefined) {
      if (!after) return this.#access.all(first, page);
      return this.#access.all(next, { ...page, at: after.at.getTime(), id: after.id });
    }
    const narrowed = { ...page, pinned: pinned ? 1 : 0 };
    if (!after) return this.#access.all(firstPinned, narrowed);
    return this.#access.all(nextPinned, { ...narrowed, at: after.at.getTime(), id: after.id });
  }

  async update(id: ChatId, patch: ChatPatch): Promise<void> {
    const set = patchColumns(patch, columnOf);
    if (Object.keys(set).length === 0) return;
    await this.#access.write((connection) => connection.run(this.#queries.patch(set), { ...set, id }));
  }

  /** Messages, replies and their logs go with it, by the foreign keys. */
  async delete(id: ChatId): Promise<void> {
    await this.#access.write((connection) => connection.run(this.#queries.remove, { id }));
  }
}
