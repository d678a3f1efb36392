import type { Selectable } from 'kysely';
import { prepared, type Placeholders } from '../prepare.ts';
import type { Builder, Schema } from '../schema.ts';

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
  | 'reserved_tokens'
  | 'started_at'
  | 'created_at'
>;
type Claim = { id: number; node_id: string; provider: string; model: string; started_at: number };
export type ReplyEndValues = Pick<
  Selectable<Schema['replies']>,
  | 'id'
  | 'state'
  | 'error_code'
  | 'provider'
  | 'model'
  | 'prompt_tokens'
  | 'completion_tokens'
  | 'tokens_estimated'
  | 'first_text_at'
> & { ended_at: number };

/** Replies as they are read: with the name of the message that each answers, which stands also where that one was deleted. */
export const replies = (builder: Builder) =>
  builder
    .selectFrom('replies')
    .selectAll('replies')
    .select((select) =>
      select
        .selectFrom('messages')
        .select('messages.uuid')
        .whereRef('messages.id', '=', 'replies.answers_id')
        .as('answers_uuid'),
    );

// An open reply is one that has not ended, so that one null test stands for the two states in every index.
const open = (builder: Builder) => replies(builder).where('ended_at', 'is', null);

const end = (builder: Builder, p: Placeholders<ReplyEndValues>) =>
  builder
    .updateTable('replies')
    .set({
      state: p('state'),
      error_code: p('error_code'),
      provider: p('provider'),
      model: p('model'),
      prompt_tokens: p('prompt_tokens'),
      completion_tokens: p('completion_tokens'),
      tokens_estimated: p('tokens_estimated'),
      first_text_at: p('first_text_at'),
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
      reserved_tokens: p('reserved_tokens'),
      started_at: p('started_at'),
      created_at: p('created_at'),
    }),
  ),
  findById: prepared((p: Placeholders<{ id: number; user_id: number }>) =>
    replies(builder).where('id', '=', p('id')).where('user_id', '=', p('user_id')),
  ),
  findByUuid: prepared((p: Placeholders<{ uuid: string; user_id: number }>) =>
    replies(builder).where('uuid', '=', p('uuid')).where('user_id', '=', p('user_id')),
  ),
  findByMessage: prepared((p: Placeholders<{ message_id: number }>) =>
    replies(builder).where('message_id', '=', p('message_id')).orderBy('id', 'desc').limit(1),
  ),
  /** From the newest end of the chat back: whoever asks has most often asked just now. */
  lastAnswering: prepared((p: Placeholders<{ chat_id: number; answers_id: number }>) =>
    replies(builder)
      .where('chat_id', '=', p('chat_id'))
      .where('ended_at', 'is not', null)
      .where('answers_id', '=', p('answers_id'))
      .orderBy('ended_at', 'desc')
      .orderBy('id', 'desc')
      .limit(1),
  ),
  openInChat: prepared((p: Placeholders<{ chat_id: number }>) =>
    open(builder).where('chat_id', '=', p('chat_id')).orderBy('id'),
  ),
  writingOf: prepared((p: Placeholders<{ user_id: number }>) =>
    open(builder).where('user_id', '=', p('user_id')).where('state', '=', 'writing').orderBy('id'),
  ),
  requestStop: prepared((p: Placeholders<{ id: number }>) =>
    builder
      .updateTable('replies')
      .set({ stop_requested: 1 })
      .where('id', '=', p('id'))
      .where('ended_at', 'is', null),
  ),
  stopRequested: prepared((p: Placeholders<{ node_id: string }>) =>
    open(builder).where('node_id', '=', p('node_id')).where('stop_requested', '=', 1),
  ),
  countOpen: prepared((p: Placeholders<{ user_id: number }>) =>
    builder
      .selectFrom('replies')
      .select((select) => select.fn.countAll<number>().as('count'))
      .where('user_id', '=', p('user_id'))
      .where('ended_at', 'is', null),
  ),
  writtenBy: prepared((p: Placeholders<{ node_id: string; limit: number }>) =>
    open(builder).where('state', '=', 'writing').where('node_id', '=', p('node_id')).limit(p('limit')),
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
        started_at: p('started_at'),
      })
      .where('id', '=', p('id'))
      .where('state', '=', 'waiting'),
  ),
  endWaiting: prepared((p: Placeholders<ReplyEndValues>) => end(builder, p).where('state', '=', 'waiting')),
  endWriting: prepared((p: Placeholders<ReplyEndValues & { node_id: string }>) =>
    end(builder, p).where('node_id', '=', p('node_id')),
  ),
  dropMessage: prepared((p: Placeholders<{ id: number }>) =>
    builder.updateTable('replies').set({ message_id: null }).where('id', '=', p('id')),
  ),
});
