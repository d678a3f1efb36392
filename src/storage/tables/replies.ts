import type { ChatId } from '../../core/chats/chat.ts';
import type { Message, MessageId } from '../../core/messages/message.ts';
import type { NewDelta, ReplyClaim, ReplyTable } from '../../core/replies/reply-table.ts';
import type { NodeId, Reply, ReplyId, ReplyKey } from '../../core/replies/reply.ts';
import type { UserId } from '../../core/users/user.ts';
import type { Access } from '../engines/engine.ts';
import { appendToLogs, textOfLog, type ReplyLogQueries } from './reply-log.ts';
import type { replyQueries, ReplyEndValues } from './reply-queries.ts';
import { toReply } from './reply-row.ts';

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
      reserved_tokens: reply.reservedTokens,
      started_at: reply.claim?.startedAt.getTime() ?? null,
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
      answersUuid: reply.answersUuid,
      messageId: reply.messageId,
      state: values.state,
      errorCode: null,
      nodeId: reply.claim?.nodeId ?? null,
      provider: values.provider,
      model: values.model,
      usage: null,
      reservedTokens: reply.reservedTokens,
      createdAt: reply.at,
      startedAt: reply.claim?.startedAt ?? null,
      firstTextAt: null,
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

  async findByQuestion({ id, chatId }: Pick<Message, 'id' | 'chatId'>): Promise<Reply | undefined> {
    // Before those that have ended: one that ends between the two statements is in one of them all the same.
    const open = (await this.openInChat(chatId)).findLast(({ answersId }) => answersId === id);
    if (open) return open;
    const row = await this.#access.one(this.#queries.lastAnswering, { chat_id: chatId, answers_id: id });
    return row && toReply(row);
  }

  async openInChat(chatId: ChatId): Promise<Reply[]> {
    return (await this.#access.all(this.#queries.openInChat, { chat_id: chatId })).map(toReply);
  }

  async writingOf(userId: UserId): Promise<Reply[]> {
    return (await this.#access.all(this.#queries.writingOf, { user_id: userId })).map(toReply);
  }

  async requestStop(id: ReplyId): Promise<void> {
    await this.#access.write((connection) => connection.run(this.#queries.requestStop, { id }));
  }

  async stopRequested(nodeId: NodeId): Promise<ReplyId[]> {
    const rows = await this.#access.all(this.#queries.stopRequested, { node_id: nodeId });
    return rows.map(({ id }) => id as ReplyId);
  }

  async countOpen(userId: UserId): Promise<number> {
    const row = await this.#access.one(this.#queries.countOpen, { user_id: userId });
    return row?.count ?? 0;
  }

  /** Throws when the reply does not wait: whoever claims has looked, in the same transaction. */
  async claim(id: ReplyId, { nodeId, provider, model, startedAt }: ReplyClaim): Promise<void> {
    const values = { id, node_id: nodeId, provider, model, started_at: startedAt.getTime() };
    const changed = await this.#access.write((connection) => connection.run(this.#queries.claim, values));
    if (changed !== 1) throw new Error(`Reply ${id} does not wait, so it cannot be claimed`);
  }

  async end(id: ReplyId, end: Parameters<ReplyTable['end']>[1]): Promise<boolean> {
    const values: ReplyEndValues = {
      id,
      state: end.outcome,
      error_code: end.errorCode,
      provider: end.provider,
      model: end.model,
      prompt_tokens: end.usage?.promptTokens ?? null,
      completion_tokens: end.usage?.completionTokens ?? null,
      tokens_estimated: end.usage && (end.usage.estimated ? 1 : 0),
      first_text_at: end.firstTextAt?.getTime() ?? null,
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

  async writtenBy(nodeId: NodeId, limit: number): Promise<Reply[]> {
    return (await this.#access.all(this.#queries.writtenBy, { node_id: nodeId, limit })).map(toReply);
  }

  async orphans(limit: number): Promise<Reply[]> {
    return (await this.#access.all(this.#queries.orphans, { limit })).map(toReply);
  }

  async stalled(limit: number): Promise<Reply[]> {
    return (await this.#access.all(this.#queries.stalled, { limit })).map(toReply);
  }
}
