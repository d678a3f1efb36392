import type { ChatId } from '../../core/chats/chat.ts';
import type { Message, MessageActivity, MessageId, MessageKey } from '../../core/messages/message.ts';
import type { MessageTable, NewMessage, Turn, Twig } from '../../core/store.ts';
import type { UserId } from '../../core/users/user.ts';
import type { Access, Reading } from '../engines/engine.ts';
import type { Schema } from '../schema.ts';
import { patchColumns } from './columns.ts';
import type { MessageQueries } from './message-queries.ts';
import { activityCodes, type MessageRow, noMedia, toMessage, toTwig, mediaUrlsOf } from './message-row.ts';
import type { SearchQueries } from './search-queries.ts';

const columnOf: Record<keyof Parameters<MessageTable['update']>[1], keyof Schema['messages']> = {
  text: 'text',
  state: 'state',
  revision: 'revision',
  delivery: 'delivery_status',
  at: 'updated_at',
};

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
  readonly #search: SearchQueries;

  constructor(access: Access, queries: MessageQueries, search: SearchQueries) {
    this.#access = access;
    this.#queries = queries;
    this.#search = search;
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
      activity: 'active',
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
    };
    if (page.newest !== true)
      return withTextSoFar(this.#access, this.#queries, await this.#access.all(this.#queries.oldest, values));
    const rows = await this.#access.all(this.#queries.newest, values);
    return withTextSoFar(this.#access, this.#queries, rows.toReversed());
  }

  async finished(
    chatId: ChatId,
    { after = 0 as MessageId, offset = 0, limit }: Parameters<MessageTable['finished']>[1],
  ): Promise<Message[]> {
    const values = { chat_id: chatId, after, offset, limit };
    return (await this.#access.all(this.#queries.finished, values)).map(toMessage);
  }

  async turns(
    chatId: ChatId,
    { after = 0 as MessageId, before, limit }: Parameters<MessageTable['turns']>[1],
  ): Promise<Turn[]> {
    const rows = await this.#access.all(this.#queries.turns, { chat_id: chatId, after, before, limit });
    return rows.toReversed().map((row) => ({
      role: row.role,
      text: row.text,
      imageUrl: row.image_url,
      mediaUrls: mediaUrlsOf(row),
    }));
  }

  async last(chatId: ChatId): Promise<Message | undefined> {
    const row = await this.#access.one(this.#queries.last, { chat_id: chatId });
    return row && (await withTextSoFar(this.#access, this.#queries, [row]))[0];
  }

  async lastId(chatId: ChatId): Promise<MessageId | undefined> {
    const row = await this.#access.one(this.#queries.lastId, { chat_id: chatId });
    return row && (row.id as MessageId);
  }

  async twigs(chatId: ChatId, after: MessageId | null): Promise<Twig[]> {
    const rows = await this.#access.all(this.#queries.twigs, { chat_id: chatId, after: after ?? 0 });
    const twigs = rows.map((row) => ({ ...toTwig(row), isBuried: row.deleted_at !== null }));
    return twigs.toSorted((a, b) => a.id - b.id);
  }

  async besides(chatId: ChatId, parents: readonly (MessageId | null)[]): Promise<Omit<Twig, 'isBuried'>[]> {
    const after = Math.min(...parents.map((id) => id ?? 0));
    const places = parents.map((id) => ({ chat_id: chatId, after, parent_id: id ?? 0 }));
    const found: Omit<Twig, 'isBuried'>[] = [];
    for (const { query, items } of this.#queries.besides.pieces(places))
      found.push(...(await this.#access.all(query, items)).map(toTwig));
    return found;
  }

  async setActivity(ids: readonly MessageId[], activity: MessageActivity): Promise<void> {
    const rows = ids.map((id) => ({ id, active: activityCodes[activity] }));
    await this.#access.write(async (connection) => {
      for (const { query, items } of this.#queries.setActivity.pieces(rows))
        await connection.run(query, items);
    });
  }

  async update(id: MessageId, patch: Parameters<MessageTable['update']>[1]): Promise<void> {
    const set = patchColumns(patch, columnOf);
    if (Object.keys(set).length === 0) return;
    // A text that is written to its end was empty before: only an edit, or writing on, leaves words behind.
    const replaces = patch.text !== undefined && (patch.state === undefined || patch.state === 'writing');
    await this.#access.write(async (connection) => {
      if (replaces) await connection.run(this.#search.keepMessage, { id });
      await connection.run(this.#queries.patch(set), { ...set, id });
    });
  }

  async finish(id: MessageId, { text, state, at }: Parameters<MessageTable['finish']>[1]): Promise<void> {
    const values = { id, text, state, at: at.getTime() };
    await this.#access.write((connection) => connection.run(this.#queries.finish, values));
  }

  async bury(id: MessageId, at: Date): Promise<void> {
    await this.#access.write(async (connection) => {
      await connection.run(this.#search.keepMessage, { id });
      await connection.run(this.#queries.bury, { id, at: at.getTime() });
    });
  }

  /** The logs go with their replies, by the foreign key. */
  async deleteAll(chatId: ChatId): Promise<void> {
    await this.#access.write(async (connection) => {
      await connection.run(this.#search.keepMessagesOfChat, { chat_id: chatId });
      await connection.run(this.#queries.removeReplies, { chat_id: chatId });
      await connection.run(this.#queries.removeAll, { chat_id: chatId });
    });
  }
}
