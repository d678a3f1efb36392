import type { RawBuilder, Selectable } from 'kysely';
import {
  type Chat,
  type ChatId,
  type ChatKey,
  type ChatSummary,
  type ChatUuid,
  noChatSettings,
} from '../../core/chats/chat.ts';
import type { ChatPatch, ChatTable, NewChat, TimeCursor } from '../../core/store.ts';
import type { MessageId } from '../../core/messages/message.ts';
import type { UserId } from '../../core/users/user.ts';
import type { Access, SqlTraits } from '../engines/engine.ts';
import { prepared, preparedPatch, type Placeholders } from '../prepare.ts';
import type { Builder, Schema } from '../schema.ts';
import { patchColumns, toDate } from './columns.ts';
import type { SearchQueries } from './search-queries.ts';

export const toChat = (row: Selectable<Schema['chats']>): Chat => ({
  id: row.id as ChatId,
  uuid: row.uuid as ChatUuid,
  userId: row.user_id as UserId,
  title: row.title,
  titled: row.titled === 1,
  pinned: row.pinned === 1,
  model: row.model,
  systemPrompt: row.system_prompt,
  temperature: row.temperature_milli === null ? null : row.temperature_milli / 1000,
  maxOutputTokens: row.max_output_tokens,
  messageCount: row.message_count,
  lastMessageAt: toDate(row.last_message_at),
  lastMessageText: row.last_message_text,
  summary: toSummary(row),
  revision: row.revision,
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
});

const toSummary = (row: Selectable<Schema['chats']>): ChatSummary | null =>
  row.summary === null || row.summary_message_id === null
    ? null
    : { text: row.summary, upTo: row.summary_message_id as MessageId };

type Columns = Omit<ChatPatch, 'summary'> & { summary?: string | null; summaryMessageId?: number | null };
const columnOf: Record<keyof Columns, keyof Schema['chats']> = {
  title: 'title',
  titled: 'titled',
  pinned: 'pinned',
  model: 'model',
  systemPrompt: 'system_prompt',
  temperature: 'temperature_milli',
  maxOutputTokens: 'max_output_tokens',
  messageCount: 'message_count',
  lastMessageAt: 'last_message_at',
  lastMessageText: 'last_message_text',
  summary: 'summary',
  summaryMessageId: 'summary_message_id',
  revision: 'revision',
  updatedAt: 'updated_at',
};

type Insert = Pick<
  Schema['chats'],
  | 'uuid'
  | 'user_id'
  | 'title'
  | 'titled'
  | 'model'
  | 'system_prompt'
  | 'temperature_milli'
  | 'max_output_tokens'
  | 'created_at'
>;

const toMilli = (temperature: number | null): number | null =>
  temperature === null ? null : Math.round(temperature * 1000);

/** `reach`: the limit and the offset together. */
type Page = { user_id: number; limit: number; offset: number; reach: number };
type PageAfter = Page & { at: number; id: number };

const walk = (builder: Builder, p: Placeholders<Page>, pinned: RawBuilder<number> | number) =>
  builder.selectFrom('chats').selectAll().where('user_id', '=', p('user_id')).where('pinned', '=', pinned);

// The first condition bounds the walk of the index, the second cuts off the ties.
const walkAfter = (builder: Builder, p: Placeholders<PageAfter>, pinned: RawBuilder<number> | number) =>
  walk(builder, p, pinned)
    .where('updated_at', '<=', p('at'))
    .where((where) => where.or([where('updated_at', '<', p('at')), where('id', '<', p('id'))]));

type Rows = ReturnType<typeof walk>;

const newestFirst = (rows: Rows): Rows => rows.orderBy('updated_at', 'desc').orderBy('id', 'desc');

// MySQL would sort a union as a whole, rows with their texts, and read an index from its beginning to where a page begins. Of ids alone,
// which the index holds, it does neither: each side is walked for its ids as far as the page can reach. Its rows come in any order.
const lookedUp = (builder: Builder, p: Placeholders<Page>, sides: readonly Rows[]): Rows => {
  const [first, ...others] = sides.map((side) => {
    const ids = newestFirst(side).clearSelect().select(['id', 'updated_at']).limit(p('reach'));
    return builder.selectFrom(ids.as('reached')).select(['reached.id', 'reached.updated_at']);
  });
  if (!first) throw new Error('A page has a side to it');
  const ids = others
    .reduce((all, other) => all.unionAll(other), first)
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(p('limit'))
    .offset(p('offset'));
  return builder
    .selectFrom('chats')
    .selectAll('chats')
    .where('id', 'in', builder.selectFrom(ids.as('page')).select('page.id'));
};

/** A page of one walk, or of two as if they were one. */
const page = (
  { builder, mergesUnions }: Pick<SqlTraits, 'builder' | 'mergesUnions'>,
  p: Placeholders<Page>,
  [one, other]: readonly [Rows, Rows?],
): Rows => {
  if (!mergesUnions) return lookedUp(builder, p, other ? [one, other] : [one]);
  return newestFirst(other ? one.unionAll(other) : one)
    .limit(p('limit'))
    .offset(p('offset'));
};

export const chatQueries = ({ builder, ...traits }: SqlTraits) => ({
  insert: prepared((p: Placeholders<Insert>) =>
    builder.insertInto('chats').values({
      uuid: p('uuid'),
      user_id: p('user_id'),
      title: p('title'),
      titled: p('titled'),
      pinned: 0,
      model: p('model'),
      system_prompt: p('system_prompt'),
      temperature_milli: p('temperature_milli'),
      max_output_tokens: p('max_output_tokens'),
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
    page({ builder, ...traits }, p, [walk(builder, p, 0), walk(builder, p, 1)]),
  ),
  next: prepared((p: Placeholders<PageAfter>) =>
    page({ builder, ...traits }, p, [walkAfter(builder, p, 0), walkAfter(builder, p, 1)]),
  ),
  firstPinned: prepared((p: Placeholders<Page & { pinned: number }>) =>
    page({ builder, ...traits }, p, [walk(builder, p, p('pinned'))]),
  ),
  nextPinned: prepared((p: Placeholders<PageAfter & { pinned: number }>) =>
    page({ builder, ...traits }, p, [walkAfter(builder, p, p('pinned'))]),
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
  readonly #search: SearchQueries;

  constructor(access: Access, queries: ReturnType<typeof chatQueries>, search: SearchQueries) {
    this.#access = access;
    this.#queries = queries;
    this.#search = search;
  }

  async insert(chat: NewChat): Promise<Chat> {
    const settings = { ...noChatSettings, ...chat.settings };
    const values = {
      uuid: chat.uuid,
      user_id: chat.userId,
      title: chat.title,
      titled: chat.titled ? 1 : 0,
      model: settings.model,
      system_prompt: settings.systemPrompt,
      temperature_milli: toMilli(settings.temperature),
      max_output_tokens: settings.maxOutputTokens,
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
      ...settings,
      messageCount: 0,
      lastMessageAt: null,
      lastMessageText: '',
      summary: null,
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
    const rows = await this.#page(
      { user_id: owner, limit, offset, reach: limit + offset },
      page.after,
      page.pinned,
    );
    return rows.toSorted((a, b) => b.updated_at - a.updated_at || b.id - a.id).map(toChat);
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
    const { temperature, summary, ...same } = patch;
    const columns: Columns = {
      ...same,
      ...(temperature === undefined ? {} : { temperature: toMilli(temperature) }),
      ...(summary === undefined
        ? {}
        : { summary: summary?.text ?? null, summaryMessageId: summary?.upTo ?? null }),
    };
    const set = patchColumns(columns, columnOf);
    if (Object.keys(set).length === 0) return;
    await this.#access.write(async (connection) => {
      if (patch.title !== undefined) await connection.run(this.#search.keepTitle, { id });
      await connection.run(this.#queries.patch(set), { ...set, id });
    });
  }

  /** Messages, replies and their logs go with it, by the foreign keys. */
  async delete(id: ChatId): Promise<void> {
    await this.#access.write(async (connection) => {
      await connection.run(this.#search.keepTitle, { id });
      await connection.run(this.#search.keepMessagesOfChat, { chat_id: id });
      await connection.run(this.#queries.remove, { id });
    });
  }
}
