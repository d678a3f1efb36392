import type { Selectable } from 'kysely';
import type { ChatId, ChatUuid } from '../../core/chats/chat.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { MessageId } from '../../core/messages/message.ts';
import type { NewDelta, ReplyClaim, ReplyTable } from '../../core/store.ts';
import type { NodeId, Reply, ReplyId, ReplyKey, ReplyUuid } from '../../core/replies/reply.ts';
import type { UserId } from '../../core/users/user.ts';
import type { Access } from '../engines/engine.ts';
import { prepared, type Placeholders } from '../prepare.ts';
import type { Builder, Schema } from '../schema.ts';
import { toDate } from './columns.ts';
import { appendToLogs, textOfLog, type ReplyLogQueries } from './reply-log.ts';

export const toReply = (row: Selectable<Schema['replies']>): Reply => ({
  id: row.id as ReplyId,
  uuid: row.uuid as ReplyUuid,
  chatId: row.chat_id as ChatId,
  chatUuid: row.chat_uuid as ChatUuid,
  userId: row.user_id as UserId,
  answersId: row.answers_id as MessageId,
  messageId: row.message_id as MessageId | null,
  state: row.state,
  errorCode: row.error_code as ErrorCode | null,
  nodeId: row.node_id as NodeId | null,
  provider: row.provider,
  model: row.model,
  promptTokens: row.prompt_tokens,
  completionTokens: row.completion_tokens,
  createdAt: new Date(row.created_at),
  endedAt: toDate(row.ended_at),
});

type Insert = Pick<
  Selectable<Schema['replies']>,
  | 'uuid'
  | 'chat_id'
  | 'chat_uuid'
  | 'user_id'
  | 'answers_id'
  | 'message_id'
  | 'state'
  | 'node_id'
  | 'provider'
  | 'model'
  | 'created_at'
>;
type Claim = { id: number; node_id: string; provider: string; model: string };
type End = Pick<
  Selectable<Schema['replies']>,
  'id' | 'state' | 'error_code' | 'prompt_tokens' | 'completion_tokens'
> & { ended_at: number };

// An open reply is one that has not ended, so that one null test stands for the two states in every index.
const open = (builder: Builder) => builder.selectFrom('replies').selectAll().where('ended_at', 'is', null);

const end = (builder: Builder, p: Placeholders<End>) =>
  builder
    .updateTable('replies')
    .set({
      state: p('state'),
      error_code: p('error_code'),
      prompt_tokens: p('prompt_tokens'),
      completion_tokens: p('completion_tokens'),
      ended_at: p('ended_at'),
    })
    .where('id', '=', p('id'))
    .where('ended_at', 'is', null);

export const replyQueries = (builder: Builder) => ({
  insert: prepared((p: Placeholders<Insert>) =>
    builder.insertInto('replies').values({
      uuid: p('uuid'),
      chat_id: p('chat_id'),
      chat_uuid: p('chat_uuid'),
      user_id: p('user_id'),
      answers_id: p('answers_id'),
      message_id: p('message_id'),
      state: p('state'),
      node_id: p('node_id'),
      provider: p('provider'),
      model: p('model'),
      created_at: p('created_at'),
    }),
  ),
  findById: prepared((p: Placeholders<{ id: number; user_id: number }>) =>
    builder.selectFrom('replies').selectAll().where('id', '=', p('id')).where('user_id', '=', p('user_id')),
  ),
  findByUuid: prepared((p: Placeholders<{ uuid: string; user_id: number }>) =>
    builder
      .selectFrom('replies')
      .selectAll()
      .where('uuid', '=', p('uuid'))
      .where('user_id', '=', p('user_id')),
  ),
  findByMessage: prepared((p: Placeholders<{ message_id: number }>) =>
    builder
      .selectFrom('replies')
      .selectAll()
      .where('message_id', '=', p('message_id'))
      .orderBy('id', 'desc')
      .limit(1),
  ),
  openInChat: prepared((p: Placeholders<{ chat_id: number }>) =>
    open(builder).where('chat_id', '=', p('chat_id')).orderBy('id'),
  ),
  countOpen: prepared((p: Placeholders<{ user_id: number }>) =>
    builder
      .selectFrom('replies')
      .select((select) => select.fn.countAll<number>().as('count'))
      .where('user_id', '=', p('user_id'))
      .where('ended_at', 'is', null),
  ),
  orphans: prepared((p: Placeholders<{ limit: number }>) =>
    open(builder)
      .where('state', '=', 'writing')
      .where((reply) =>
        reply.not(
          reply.exists(
            reply.selectFrom('nodes').select('nodes.id as node').whereRef('nodes.id', '=', 'replies.node_id'),
          ),
        ),
      )
      .orderBy('id')
      .limit(p('limit')),
  ),
  stalled: prepared((p: Placeholders<{ limit: number }>) =>
    open(builder)
      .where('state', '=', 'waiting')
      .where((reply) =>
        reply.not(
          reply.exists(
            reply
              .selectFrom('replies as other')
              .select('other.id as other_id')
              .whereRef('other.chat_id', '=', 'replies.chat_id')
              .where('other.ended_at', 'is', null)
              .where((other) =>
                other.or([
                  other('other.state', '=', 'writing'),
                  other('other.id', '<', other.ref('replies.id')),
                ]),
              ),
          ),
        ),
      )
      .orderBy('id')
      .limit(p('limit')),
  ),
  claim: prepared((p: Placeholders<Claim>) =>
    builder
      .updateTable('replies')
      .set({
        state: 'writing',
        node_id: p('node_id'),
        provider: p('provider'),
        model: p('model'),
      })
      .where('id', '=', p('id'))
      .where('state', '=', 'waiting'),
  ),
  endWaiting: prepared((p: Placeholders<End>) => end(builder, p).where('state', '=', 'waiting')),
  endWriting: prepared((p: Placeholders<End & { node_id: string }>) =>
    end(builder, p).where('node_id', '=', p('node_id')),
  ),
  dropMessage: prepared((p: Placeholders<{ id: number }>) =>
    builder.updateTable('replies').set({ message_id: null }).where('id', '=', p('id')),
  ),
});

/** The answers of the AI, and their logs while they are written. */
export class StoredReplies implements ReplyTable {
  readonly #access: Access;
  readonly #queries: ReturnType<typeof replyQueries>;
  readonly #logQueries: ReplyLogQueries;

  constructor(access: Access, queries: ReturnType<typeof replyQueries>, logQueries: ReplyLogQueries) {
    this.#access = access;
    this.#queries = queries;
    this.#logQueries = logQueries;
  }

  async insert(reply: Parameters<ReplyTable['insert']>[0]): Promise<Reply> {
    const values = {
      uuid: reply.uuid,
      chat_id: reply.chatId,
      chat_uuid: reply.chatUuid,
      user_id: reply.userId,
      answers_id: reply.answersId,
      message_id: reply.messageId,
      state: reply.claim ? ('writing' as const) : ('waiting' as const),
      node_id: reply.claim?.nodeId ?? null,
      provider: reply.claim?.provider ?? null,
      model: reply.claim?.model ?? null,
      created_at: reply.at.getTime(),
    };
    const id = await this.#access.write((connection) => connection.insert(this.#queries.insert, values));
    return {
      id: id as ReplyId,
      uuid: reply.uuid,
      chatId: reply.chatId,
      chatUuid: reply.chatUuid,
      userId: reply.userId,
      answersId: reply.answersId,
      messageId: reply.messageId,
      state: values.state,
      errorCode: null,
      nodeId: reply.claim?.nodeId ?? null,
      provider: values.provider,
      model: values.model,
      promptTokens: null,
      completionTokens: null,
      createdAt: reply.at,
      endedAt: null,
    };
  }

  async find(owner: UserId, key: ReplyKey): Promise<Reply | undefined> {
    const row = await (typeof key === 'number'
      ? this.#access.one(this.#queries.findById, { id: key, user_id: owner })
      : this.#access.one(this.#queries.findByUuid, { uuid: key, user_id: owner }));
    return row && toReply(row);
  }

  async findByMessage(messageId: MessageId): Promise<Reply | undefined> {
    const row = await this.#access.one(this.#queries.findByMessage, { message_id: messageId });
    return row && toReply(row);
  }

  async openInChat(chatId: ChatId): Promise<Reply[]> {
    return (await this.#access.all(this.#queries.openInChat, { chat_id: chatId })).map(toReply);
  }

  async countOpen(userId: UserId): Promise<number> {
    const row = await this.#access.one(this.#queries.countOpen, { user_id: userId });
    return row?.count ?? 0;
  }

  /** Throws when the reply does not wait: whoever claims has looked, in the same transaction. */
  async claim(id: ReplyId, { nodeId, provider, model }: ReplyClaim): Promise<void> {
    const values = { id, node_id: nodeId, provider, model };
    const changed = await this.#access.write((connection) => connection.run(this.#queries.claim, values));
    if (changed !== 1) throw new Error(`Reply ${id} does not wait, so it cannot be claimed`);
  }

  async end(id: ReplyId, end: Parameters<ReplyTable['end']>[1]): Promise<boolean> {
    const values: End = {
      id,
      state: end.outcome,
      error_code: end.errorCode,
      prompt_tokens: end.promptTokens,
      completion_tokens: end.completionTokens,
      ended_at: end.at.getTime(),
    };
    return this.#access.write(async (connection) => {
      const changed = await (end.nodeId === null
        ? connection.run(this.#queries.endWaiting, values)
        : connection.run(this.#queries.endWriting, { ...values, node_id: end.nodeId }));
      if (changed === 1 && !end.keepsMessage) await connection.run(this.#queries.dropMessage, { id });
      return changed === 1;
    });
  }

  async append(deltas: readonly NewDelta[]): Promise<void> {
    if (deltas.length === 0) return;
    await this.#access.write((connection) => appendToLogs(connection, this.#logQueries, deltas));
  }

  async textFrom(id: ReplyId, start: number): Promise<string> {
    return textOfLog(this.#access, this.#logQueries, { id, start });
  }

  async dropLog(id: ReplyId): Promise<void> {
    await this.#access.write((connection) => connection.run(this.#logQueries.drop, { reply_id: id }));
  }

  async orphans(limit: number): Promise<Reply[]> {
    return (await this.#access.all(this.#queries.orphans, { limit })).map(toReply);
  }

  async stalled(limit: number): Promise<Reply[]> {
    return (await this.#access.all(this.#queries.stalled, { limit })).map(toReply);
  }
}
