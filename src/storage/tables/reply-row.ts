import type { Selectable } from 'kysely';
import type { ChatId, ChatUuid } from '../../core/chats/chat.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { MessageId, MessageUuid } from '../../core/messages/message.ts';
import type { NodeId, Reply, ReplyId, ReplyUuid } from '../../core/replies/reply.ts';
import type { UserId } from '../../core/users/user.ts';
import type { Schema } from '../schema.ts';
import { toDate } from './columns.ts';

type ReplyRow = Selectable<Schema['replies']> & { answers_uuid: string | null };

export const toReply = (row: ReplyRow): Reply => ({
  id: row.id as ReplyId,
  uuid: row.uuid as ReplyUuid,
  chatId: row.chat_id as ChatId,
  chatUuid: row.chat_uuid as ChatUuid,
  userId: row.user_id as UserId,
  answersId: row.answers_id as MessageId,
  // Its row outlives the reply, also when it is deleted: it goes with the chat alone.
  answersUuid: row.answers_uuid as MessageUuid,
  messageId: row.message_id as MessageId | null,
  state: row.state,
  errorCode: row.error_code as ErrorCode | null,
  nodeId: row.node_id as NodeId | null,
  provider: row.provider,
  model: row.model,
  usage: usageOf(row),
  reservedTokens: row.reserved_tokens,
  createdAt: new Date(row.created_at),
  startedAt: toDate(row.started_at),
  firstTextAt: toDate(row.first_text_at),
  endedAt: toDate(row.ended_at),
});

const usageOf = (row: ReplyRow): Reply['usage'] => {
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = row;
  if (promptTokens === null || completionTokens === null) return null;
  return { promptTokens, completionTokens, estimated: row.tokens_estimated === 1 };
};
