import type { SqlTraits } from '../engines/engine.ts';
import { prepared, preparedPatch, preparedSet, type Placeholders } from '../prepare.ts';
import type { Builder, Schema } from '../schema.ts';
import { activityCodes, messageColumns } from './message-row.ts';

type Insert = Pick<
  Schema['messages'],
  Exclude<(typeof messageColumns)[number], 'id' | 'active' | 'revision' | 'updated_at' | 'delivery_status'>
>;

const living = (builder: Builder) =>
  builder.selectFrom('messages').select(messageColumns).where('deleted_at', 'is', null);
const ofChat = (builder: Builder, p: Placeholders<{ chat_id: number }>) =>
  living(builder).where('chat_id', '=', p('chat_id')).where('active', '=', activityCodes.active);

const twigColumns = ['id', 'parent_id', 'role', 'active'] as const;
/** Where messages stand: `parent_id` 0 for the beginning of the chat, `after` what all of them come after. */
type Place = { chat_id: number; after: number; parent_id: number };
type Page = { chat_id: number; after: number; before: number; limit: number };

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
    .limit(p('limit'));

export const messageQueries = ({ builder, ordersPastNull }: SqlTraits) => ({
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
      active: activityCodes.active,
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
  oldest: prepared((p: Placeholders<Page>) => {
    const rows = page(builder, p);
    return (ordersPastNull ? rows : rows.orderBy('deleted_at')).orderBy('id');
  }),
  newest: prepared((p: Placeholders<Page>) => {
    const rows = page(builder, p);
    return (ordersPastNull ? rows : rows.orderBy('deleted_at', 'desc')).orderBy('id', 'desc');
  }),
  finished: prepared((p: Placeholders<Omit<Page, 'before'> & { offset: number }>) => {
    const rows = ofChat(builder, p)
      .where('id', '>', p('after'))
      .where('state', '<>', 'writing')
      .limit(p('limit'))
      .offset(p('offset'));
    return (ordersPastNull ? rows : rows.orderBy('deleted_at')).orderBy('id');
  }),
  /** Of a message in a prompt only what is said counts: a fifth of its columns. */
  turns: prepared((p: Placeholders<Page>) => {
    const rows = builder
      .selectFrom('messages')
      .select(['role', 'text', 'image_url', 'media'])
      .where('chat_id', '=', p('chat_id'))
      .where('active', '=', activityCodes.active)
      .where('deleted_at', 'is', null)
      .where('id', '>', p('after'))
      .where('id', '<', p('before'))
      .where('state', '<>', 'writing')
      .limit(p('limit'));
    return (ordersPastNull ? rows : rows.orderBy('deleted_at', 'desc')).orderBy('id', 'desc');
  }),
  last: prepared((p: Placeholders<{ chat_id: number }>) => {
    const rows = ofChat(builder, p).limit(1);
    return (ordersPastNull ? rows : rows.orderBy('deleted_at', 'desc')).orderBy('id', 'desc');
  }),
  lastId: prepared((p: Placeholders<{ chat_id: number }>) => {
    const rows = ofChat(builder, p).clearSelect().select('id').limit(1);
    return (ordersPastNull ? rows : rows.orderBy('deleted_at', 'desc')).orderBy('id', 'desc');
  }),
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
  twigs: prepared((p: Placeholders<{ chat_id: number; after: number }>) =>
    builder
      .selectFrom('messages')
      .select([...twigColumns, 'deleted_at'])
      .where('chat_id', '=', p('chat_id'))
      .where('id', '>', p('after')),
  ),
  besides: preparedSet((items: Placeholders<Place>[]) =>
    builder
      .selectFrom('messages')
      .select(twigColumns)
      .where('chat_id', '=', items[0]?.('chat_id') ?? 0)
      .where('active', 'in', [activityCodes.inactive, activityCodes.resting])
      .where('deleted_at', 'is', null)
      .where('id', '>', items[0]?.('after') ?? 0)
      .where(
        (message) => message.fn.coalesce('parent_id', message.lit(0)),
        'in',
        items.map((p) => p('parent_id')),
      ),
  ),
  setActivity: preparedSet((items: Placeholders<{ id: number; active: number }>[]) =>
    builder
      .updateTable('messages')
      .set({ active: items[0]?.('active') ?? 0 })
      .where(
        'id',
        'in',
        items.map((p) => p('id')),
      ),
  ),
  patch: preparedPatch((set, id) => builder.updateTable('messages').set(set).where('id', '=', id)),
  finish: prepared(
    (p: Placeholders<Pick<Schema['messages'], 'text' | 'state'> & { id: number; at: number }>) =>
      builder
        .updateTable('messages')
        .set((message) => ({
          text: p('text'),
          state: p('state'),
          revision: message('revision', '+', message.lit(1)),
          updated_at: p('at'),
        }))
        .where('id', '=', p('id')),
  ),
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
