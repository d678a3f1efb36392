import type { ChatId, ChatUuid } from '../../core/chats/chat.ts';
import type { MessageId, MessageUuid } from '../../core/messages/message.ts';
import type {
  FormerText,
  SearchedChat,
  SearchedMessage,
  SearchKind,
  SearchLag,
  SearchMark,
  SearchTable,
  TermBlock,
  TermChange,
  TermPlace,
  TouchedSubjects,
} from '../../core/search/search-table.ts';
import type { UserId } from '../../core/users/user.ts';
import type { Access } from '../engines/engine.ts';
import { toDate } from './columns.ts';
import { activityOf } from './message-row.ts';
import { kindCodes, type SearchQueries } from './search-queries.ts';
import { changeBlocks, placeOf, readNewest, toBlock } from './term-blocks.ts';

type RowOf<Name extends 'messages' | 'chats'> = NonNullable<
  ReturnType<SearchQueries[Name]['all']>[number]['row']
>;

/** So many lists of messages are read side by side: a server waits for its disk at each message that it has not in memory. */
const piecesAtOnce = 4;

/** The index of words, and what it is made of. */
export class StoredSearch implements SearchTable {
  readonly #access: Access;
  readonly #queries: SearchQueries;

  constructor(access: Access, queries: SearchQueries) {
    this.#access = access;
    this.#queries = queries;
  }

  async mark(userId: UserId): Promise<SearchMark | undefined> {
    const row = await this.#access.one(this.#queries.mark, { user_id: userId });
    if (!row) return undefined;
    const { position, version, built_chat_id, built_message_id } = row;
    const built = built_chat_id === null ? null : { chatId: built_chat_id, messageId: built_message_id ?? 0 };
    return { position, version, built };
  }

  async begin(userId: UserId, mark: Omit<SearchMark, 'version'>, at: Date): Promise<void> {
    const values = { ...toColumns(userId, mark, at), version: 1 };
    await this.#access.write(async (connection) => {
      // Where another process began meanwhile, that one goes on.
      if (await connection.one(this.#queries.mark, { user_id: userId })) return;
      await connection.run(this.#queries.begin, values);
    });
  }

  async turn(userId: UserId, version: number): Promise<boolean> {
    const values = { user_id: userId, version };
    return (await this.#access.write((connection) => connection.run(this.#queries.turn, values))) === 1;
  }

  async move(userId: UserId, mark: Omit<SearchMark, 'version'>, at: Date): Promise<void> {
    const values = toColumns(userId, mark, at);
    await this.#access.write((connection) => connection.run(this.#queries.move, values));
  }

  async apply(userId: UserId, changes: readonly TermChange[]): Promise<void> {
    await this.#access.write(async (connection) => {
      for (const kind of ['message', 'chat'] as const) {
        const some = changes.filter((change) => change.kind === kind);
        if (some.length > 0) await changeBlocks(connection, this.#queries, { userId, kind, changes: some });
      }
    });
  }

  async formers(userId: UserId, limit: number): Promise<FormerText[]> {
    const rows = await this.#access.all(this.#queries.formers, { user_id: userId, limit });
    return rows.map(({ id, kind, subject_id, text }) => ({
      id,
      kind: kind === kindCodes.chat ? 'chat' : 'message',
      subjectId: subject_id,
      text,
    }));
  }

  async dropFormers(ids: readonly number[]): Promise<void> {
    await this.#access.write(async (connection) => {
      for (const { query, items } of this.#queries.dropFormers.pieces(ids.map((id) => ({ id }))))
        await connection.run(query, items);
    });
  }

  async touched(
    userId: UserId,
    { after, limit, oldest }: Parameters<SearchTable['touched']>[1],
  ): Promise<TouchedSubjects> {
    const query = oldest ? this.#queries.touchedFirst : this.#queries.touchedLast;
    const rows = await this.#access.all(query, { user_id: userId, position: after, limit });
    const messageIds = new Set<number>();
    const chatIds = new Set<number>();
    for (const { type, chat_id, message_id } of rows) {
      if (message_id !== null) messageIds.add(message_id);
      else if (chat_id !== null && type !== 'branch-switched') chatIds.add(chat_id);
    }
    const ends = [rows[0]?.position, rows.at(-1)?.position];
    const [first, last] = oldest ? ends : ends.toReversed();
    return { messageIds: [...messageIds], chatIds: [...chatIds], first, last, count: rows.length };
  }

  async newest(userId: UserId, kind: SearchKind, terms: readonly string[]): Promise<Map<string, TermBlock>> {
    const places = terms.map((term) => placeOf({ userId, kind, term }));
    const rows = await readNewest(this.#access, this.#queries, places);
    return new Map([...rows].map(([term, row]) => [term, toBlock(row)]));
  }

  async older(place: TermPlace, { upTo, limit }: { upTo: number; limit: number }): Promise<TermBlock[]> {
    const rows = await this.#access.all(this.#queries.older, { ...placeOf(place), up_to: upTo, limit });
    return rows.map(toBlock);
  }

  async messages(owner: UserId, ids: readonly number[]): Promise<SearchedMessage[]> {
    const found: SearchedMessage[] = [];
    const pieces = this.#queries.messages.pieces(ids.map((id) => ({ user_id: owner, id })));
    for (let from = 0; from < pieces.length; from += piecesAtOnce) {
      const some = pieces.slice(from, from + piecesAtOnce);
      const rows = await Promise.all(some.map(async ({ query, items }) => this.#access.all(query, items)));
      found.push(...rows.flat().map(toMessage));
    }
    return found;
  }

  async messagesOfChat(chatId: number, page: { after: number; limit: number }): Promise<SearchedMessage[]> {
    const found: SearchedMessage[] = [];
    const { activeOfChat, restingOfChat, inactiveOfChat } = this.#queries;
    for (const query of [activeOfChat, restingOfChat, inactiveOfChat])
      found.push(...(await this.#access.all(query, { chat_id: chatId, ...page })).map(toMessage));
    return found.toSorted((a, b) => a.id - b.id).slice(0, page.limit);
  }

  async chats(owner: UserId, ids: readonly number[]): Promise<SearchedChat[]> {
    const found: SearchedChat[] = [];
    const own = ids.map((id) => ({ user_id: owner, id }));
    for (const { query, items } of this.#queries.chats.pieces(own))
      found.push(...(await this.#access.all(query, items)).map(toChat));
    return found;
  }

  async chatIds(owner: UserId): Promise<number[]> {
    const rows = await this.#access.all(this.#queries.chatIds, { user_id: owner });
    return rows.map(({ id }) => id).toSorted((a, b) => a - b);
  }

  async lags(page: { after: UserId | null; limit: number }): Promise<SearchLag[]> {
    const rows = await this.#access.all(this.#queries.lags, { after: page.after ?? 0, limit: page.limit });
    return rows.map(({ id, feed_position, position, built_chat_id, indexed_at }) => ({
      userId: id as UserId,
      behind: feed_position - (position ?? 0),
      isBuilding: position === null ? feed_position > 0 : built_chat_id !== null,
      indexedAt: toDate(indexed_at),
    }));
  }

  async usersWithFormers(limit: number): Promise<UserId[]> {
    const users: UserId[] = [];
    while (users.length < limit) {
      const row = await this.#access.one(this.#queries.nextWithFormers, { after: users.at(-1) ?? 0 });
      if (!row) break;
      users.push(row.user_id as UserId);
    }
    return users;
  }

  async forget(userId: UserId, limit: number): Promise<number> {
    return this.#access.write(async (connection) => {
      const blocks = await connection.all(this.#queries.someBlocks, { user_id: userId, limit });
      for (const block of blocks)
        await connection.run(this.#queries.removeBlock, { user_id: userId, ...block });
      const formers = await connection.all(this.#queries.formers, { user_id: userId, limit });
      for (const { query, items } of this.#queries.dropFormers.pieces(formers.map(({ id }) => ({ id }))))
        await connection.run(query, items);
      return blocks.length + formers.length;
    });
  }
}

const toColumns = (userId: UserId, { position, built }: Omit<SearchMark, 'version'>, at: Date) => ({
  user_id: userId,
  position,
  built_chat_id: built?.chatId ?? null,
  built_message_id: built?.messageId ?? null,
  indexed_at: at.getTime(),
});

const toMessage = (row: RowOf<'messages'>): SearchedMessage => ({
  id: row.id as MessageId,
  uuid: row.uuid as MessageUuid,
  chatId: row.chat_id as ChatId,
  chatUuid: row.chat_uuid as ChatUuid,
  role: row.role,
  text: row.text,
  activity: activityOf(row),
  createdAt: new Date(row.created_at),
});

const toChat = (row: RowOf<'chats'>): SearchedChat => ({
  id: row.id as ChatId,
  uuid: row.uuid as ChatUuid,
  title: row.title,
  titled: row.titled === 1,
  createdAt: new Date(row.created_at),
});
