import type { ChatId } from '../../core/chats/chat.ts';
import type { Message, MessageId, MessageKey } from '../../core/messages/message.ts';
import type { MessageTable, NewMessage, Turn } from '../../core/store.ts';
import type { UserId } from '../../core/users/user.ts';
import type { Access, Reading } from '../engines/engine.ts';
import { prepared, preparedPatch, preparedSet, type Placeholders } from '../prepare.ts';
import type { Builder, Schema } from '../schema.ts';
import { patchColumns } from './columns.ts';
import { messageColumns, type MessageRow, noMedia, toMessage } from './message-row.ts';

const columnOf: Record<keyof Parameters<MessageTable['update']>[1], keyof Schema['messages']> = {
  text: 'text',
  state: 'state',
  revision: 'revision',
  active: 'active',
  delivery: 'delivery_status',
  at: 'updated_at',
};

type Insert = Pick<
  Schema['messages'],
  Exclude<(typeof messageColumns)[number], 'id' | 'revision' | 'updated_at' | 'delivery_status'>
>;

const living = (builder: Builder) =>
  builder.selectFrom('messages').select(messageColumns).where('deleted_at', 'is', null);
const ofChat = (builder: Builder, p: Placeholders<{ chat_id: number }>) =>
  living(builder).where('chat_id', '=', p('chat_id')).where('active', '=', 1);

type Page = { chat_id: number; after: number; before: number; limit: number; offset: number };

// A message that is about to be written is not shown before its first word; only rows in `writing` are asked for their log.
const page = (builder: Builder, p: Placeholders<Page>) =>
  ofChat(builder, p)
    .where('id', '>', p('after'))
    .where('id', '<', p('before'))
    .where((message) =>
      message.or([
        message('state', '<>', 'writing'),
        message('text', '<>', ''),
        message.exists(
          message
            .selectFrom('replies')
            .innerJoin('reply_deltas', 'reply_deltas.reply_id', 'replies.id')
            .select('reply_deltas.start')
            .whereRef('replies.message_id', '=', 'messages.id')
            .where('replies.ended_at', 'is', null),
        ),
      ]),
    )
    .limit(p('limit'))
    .offset(p('offset'));

export const messageQueries = (builder: Builder) => ({
  insert: prepared((p: Placeholders<Insert>) =>
    builder.insertInto('messages').values({
      uuid: p('uuid'),
      chat_id: p('chat_id'),
      chat_uuid: p('chat_uuid'),
      user_id: p('user_id'),
      parent_id: p('parent_id'),
      role: p('role'),
      state: p('state'),
      text: p('text'),
      image_url: p('image_url'),
      kind: p('kind'),
      media: p('media'),
      reply_to_uuid: p('reply_to_uuid'),
      active: 1,
      revision: 1,
      created_at: p('created_at'),
      updated_at: p('created_at'),
    }),
  ),
  findById: prepared((p: Placeholders<{ id: number; user_id: number }>) =>
    living(builder).where('id', '=', p('id')).where('user_id', '=', p('user_id')),
  ),
  findByUuid: prepared((p: Placeholders<{ uuid: string; user_id: number }>) =>
    living(builder).where('uuid', '=', p('uuid')).where('user_id', '=', p('user_id')),
  ),
  oldest: prepared((p: Placeholders<Page>) => page(builder, p).orderBy('id')),
  newest: prepared((p: Placeholders<Page>) => page(builder, p).orderBy('id', 'desc')),
  /** Of a message in a prompt only what is said counts: an eighth of its columns. */
  turns: prepared((p: Placeholders<{ chat_id: number; before: number; limit: number }>) =>
    builder
      .selectFrom('messages')
      .select(['role', 'text', 'image_url'])
      .where('chat_id', '=', p('chat_id'))
      .where('active', '=', 1)
      .where('deleted_at', 'is', null)
      .where('id', '<', p('before'))
      .where('state', '<>', 'writing')
      .orderBy('id', 'desc')
      .limit(p('limit')),
  ),
  last: prepared((p: Placeholders<{ chat_id: number }>) => ofChat(builder, p).orderBy('id', 'desc').limit(1)),
  /** What messages under way say so far: the message and its log in one statement, so that an end between two cannot hide the text. */
  textSoFar: preparedSet((items: Placeholders<{ id: number }>[]) =>
    builder
      .selectFrom('messages')
      .leftJoin('replies', (join) =>
        join.onRef('replies.message_id', '=', 'messages.id').on('replies.ended_at', 'is', null),
      )
      .leftJoin('reply_deltas', 'reply_deltas.reply_id', 'replies.id')
      .select([
        'messages.id',
        'messages.state',
        'messages.text',
        'messages.revision',
        'messages.updated_at',
        'reply_deltas.start',
        'reply_deltas.text as delta',
      ])
      .where(
        'messages.id',
        'in',
        items.map((p) => p('id')),
      ),
  ),
  patch: preparedPatch((set, id) => builder.updateTable('messages').set(set).where('id', '=', id)),
  bury: prepared((p: Placeholders<{ id: number; at: number }>) =>
    builder
      .updateTable('messages')
      .set({ text: '', image_url: null, media: null, deleted_at: p('at'), updated_at: p('at') })
      .where('id', '=', p('id')),
  ),
  removeReplies: prepared((p: Placeholders<{ chat_id: number }>) =>
    builder.deleteFrom('replies').where('chat_id', '=', p('chat_id')),
  ),
  removeAll: prepared((p: Placeholders<{ chat_id: number }>) =>
    builder.deleteFrom('messages').where('chat_id', '=', p('chat_id')),
  ),
});

export type MessageQueries = ReturnType<typeof messageQueries>;

/** Messages of rows; those being written with their committed text so far. */
export const withTextSoFar = async (
  access: Reading,
  queries: MessageQueries,
  rows: readonly MessageRow[],
): Promise<Message[]> => {
  const messages = rows.map(toMessage);
  const writing = messages.filter(({ state }) => state === 'writing');
  if (writing.length === 0) return messages;
  const byId = new Map<number, Message>(writing.map((message) => [message.id, message]));
  for (const { query, items } of queries.textSoFar.pieces(writing.map(({ id }) => ({ id })))) {
    const found = await access.all(query, items);
    found.sort((a, b) => a.id - b.id || (a.start ?? 0) - (b.start ?? 0));
    let previous = 0;
    for (const row of found) {
      const message = byId.get(row.id);
      if (!message) continue;
      if (row.id !== previous) {
        Object.assign(message, {
          state: row.state,
          text: row.text,
          revision: row.revision,
          updatedAt: new Date(row.updated_at),
        } satisfies Partial<Message>);
        previous = row.id;
      }
      if (row.delta !== null) message.text += row.delta;
    }
  }
  return messages;
};

/** The turns of chats. */
export class StoredMessages implements MessageTable {
  readonly #access: Access;
  readonly #queries: MessageQueries;

  constructor(access: Access, queries: MessageQueries) {
    this.#access = access;
    this.#queries = queries;
  }

  async insert(message: NewMessage): Promise<Message> {
    const { kind = 'text', mediaUrls = noMedia, replyToUuid = null } = message;
    const values = {
      uuid: message.uuid,
      chat_id: message.chatId,
      chat_uuid: message.chatUuid,
      user_id: message.userId,
      parent_id: message.parentId,
      role: message.role,
      state: message.state,
      text: message.text,
      image_url: message.imageUrl,
      kind,
      media: mediaUrls.length === 0 ? null : JSON.stringify(mediaUrls),
      reply_to_uuid: replyToUuid,
      created_at: message.at.getTime(),
    };
    const id = await this.#access.write((connection) => connection.insert(this.#queries.insert, values));
    return {
      id: id as MessageId,
      uuid: message.uuid,
      chatId: message.chatId,
      chatUuid: message.chatUuid,
      userId: message.userId,
      parentId: message.parentId,
      role: message.role,
      state: message.state,
      text: message.text,
      imageUrl: message.imageUrl,
      kind,
      mediaUrls,
      replyToUuid,
      delivery: 'sent',
      revision: 1,
      createdAt: message.at,
      updatedAt: message.at,
    };
  }

  async find(owner: UserId, key: MessageKey): Promise<Message | undefined> {
    const row = await (typeof key === 'number'
      ? this.#access.one(this.#queries.findById, { id: key, user_id: owner })
      : this.#access.one(this.#queries.findByUuid, { uuid: key, user_id: owner }));
    return row && (await withTextSoFar(this.#access, this.#queries, [row]))[0];
  }

  async list(chatId: ChatId, page: Parameters<MessageTable['list']>[1]): Promise<Message[]> {
    const values = {
      chat_id: chatId,
      after: page.after ?? 0,
      before: page.before ?? Number.MAX_SAFE_INTEGER,
      limit: page.limit,
      offset: page.offset ?? 0,
    };
    if (page.newest !== true)
      return withTextSoFar(this.#access, this.#queries, await this.#access.all(this.#queries.oldest, values));
    const rows = await this.#access.all(this.#queries.newest, values);
    return withTextSoFar(this.#access, this.#queries, rows.toReversed());
  }

  async turns(chatId: ChatId, { before, limit }: { before: MessageId; limit: number }): Promise<Turn[]> {
    const rows = await this.#access.all(this.#queries.turns, { chat_id: chatId, before, limit });
    return rows.toReversed().map((row) => ({ role: row.role, text: row.text, imageUrl: row.image_url }));
  }

  async last(chatId: ChatId): Promise<Message | undefined> {
    const row = await this.#access.one(this.#queries.last, { chat_id: chatId });
    return row && (await withTextSoFar(this.#access, this.#queries, [row]))[0];
  }

  async update(id: MessageId, patch: Parameters<MessageTable['update']>[1]): Promise<void> {
    const set = patchColumns(patch, columnOf);
    if (Object.keys(set).length === 0) return;
    await this.#access.write((connection) => connection.run(this.#queries.patch(set), { ...set, id }));
  }

  async bury(id: MessageId, at: Date): Promise<void> {
    await this.#access.write((connection) => connection.run(this.#queries.bury, { id, at: at.getTime() }));
  }

  /** The logs go with their replies, by the foreign key. */
  async deleteAll(chatId: ChatId): Promise<void> {
    await this.#access.write(async (connection) => {
      await connection.run(this.#queries.removeReplies, { chat_id: chatId });
      await connection.run(this.#queries.removeAll, { chat_id: chatId });
    });
  }
}
