import type { Selectable } from 'kysely';
import type { Chat, ChatUuid } from '../../core/chats/chat.ts';
import type { Change, FeedEntry } from '../../core/events.ts';
import type { Message, MessageUuid } from '../../core/messages/message.ts';
import type { Reply } from '../../core/replies/reply.ts';
import type { UserId } from '../../core/users/user.ts';
import type { Reading } from '../engines/engine.ts';
import { preparedSet, type ListQuery, type Placeholders } from '../prepare.ts';
import type { Builder, Schema } from '../schema.ts';
import { toChat } from './chats.ts';
import type { MessageQueries } from './message-queries.ts';
import { messageColumns } from './message-row.ts';
import { withTextSoFar } from './messages.ts';
import { replies } from './reply-queries.ts';
import { toReply } from './reply-row.ts';

type ById = { id: number };

export const hydrationQueries = (builder: Builder) => ({
  chats: preparedSet((items: Placeholders<ById>[]) =>
    builder
      .selectFrom('chats')
      .selectAll()
      .where(
        'id',
        'in',
        items.map((p) => p('id')),
      ),
  ),
  messages: preparedSet((items: Placeholders<ById>[]) =>
    builder
      .selectFrom('messages')
      .select(messageColumns)
      .where(
        'id',
        'in',
        items.map((p) => p('id')),
      )
      .where('deleted_at', 'is', null),
  ),
  replies: preparedSet((items: Placeholders<ById>[]) =>
    replies(builder).where(
      'id',
      'in',
      items.map((p) => p('id')),
    ),
  ),
});

export type HydrationQueries = ReturnType<typeof hydrationQueries> & { message: MessageQueries };

type ChangeRow = Selectable<Schema['changes']>;
type Subjects = {
  chats: ReadonlyMap<number, Chat>;
  messages: ReadonlyMap<number, Message>;
  replies: ReadonlyMap<number, Reply>;
};

/** Changes with their subjects as they stand now, without those whose subject is gone. */
export const hydrate = async (
  access: Reading,
  queries: HydrationQueries,
  feed: { userId: UserId; rows: readonly ChangeRow[] },
): Promise<FeedEntry[]> => {
  if (feed.rows.length === 0) return [];
  const chatRows = await rowsOf(access, queries.chats, ids(feed.rows, 'chat_id'));
  const replyRows = await rowsOf(access, queries.replies, ids(feed.rows, 'reply_id'));
  const messageRows = await rowsOf(access, queries.messages, ids(feed.rows, 'message_id'));
  const messages = await withTextSoFar(access, queries.message, messageRows);
  const subjects = {
    chats: new Map(chatRows.map((row) => [row.id, toChat(row)])),
    messages: new Map<number, Message>(messages.map((message) => [message.id, message])),
    replies: new Map(replyRows.map((row) => [row.id, toReply(row)])),
  };
  const entries: FeedEntry[] = [];
  for (const row of feed.rows) {
    const change = toChange(row, subjects);
    if (change)
      entries.push({ userId: feed.userId, position: row.position, at: new Date(row.created_at), change });
  }
  return entries;
};

/** The subjects that have to be read: a change that tells of an end needs none. */
const ids = (rows: readonly ChangeRow[], column: 'chat_id' | 'message_id' | 'reply_id'): ById[] => {
  const found = new Set<number>();
  for (const row of rows) {
    const id = row[column];
    if (id !== null && row.chat_uuid === null) found.add(id);
  }
  return [...found].map((id) => ({ id }));
};

const rowsOf = async <Row>(access: Reading, query: ListQuery<ById, Row>, wanted: ById[]): Promise<Row[]> => {
  const rows: Row[] = [];
  for (const piece of query.pieces(wanted)) rows.push(...(await access.all(piece.query, piece.items)));
  return rows;
};

const toChange = (row: ChangeRow, subjects: Subjects): Change | undefined => {
  const chat = subjects.chats.get(row.chat_id ?? 0);
  const message = subjects.messages.get(row.message_id ?? 0);
  const reply = subjects.replies.get(row.reply_id ?? 0);
  switch (row.type) {
    case 'chat-created':
    case 'chat-updated':
      return chat && { type: row.type, chat };
    case 'branch-switched':
      return chat && { type: row.type, chat, after: row.message_uuid as MessageUuid | null };
    case 'chat-deleted':
    case 'chat-cleared':
      return { type: row.type, chatId: row.chat_id ?? 0, chatUuid: (row.chat_uuid ?? '') as ChatUuid };
    case 'message-created':
    case 'message-updated':
    case 'message-delivered':
      return message && { type: row.type, message };
    case 'message-deleted':
      return {
        type: row.type,
        messageId: row.message_id ?? 0,
        messageUuid: (row.message_uuid ?? '') as MessageUuid,
        chatId: row.chat_id ?? 0,
        chatUuid: (row.chat_uuid ?? '') as ChatUuid,
      };
    case 'reply-start':
      return reply && message && { type: row.type, reply, message };
    case 'reply-end':
      return reply && { type: row.type, reply, message: message ?? null };
  }
};
