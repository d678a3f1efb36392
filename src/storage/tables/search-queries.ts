import type { SqlTraits } from '../engines/engine.ts';
import { prepared, preparedList, preparedSet, type Placeholders } from '../prepare.ts';
import type { Builder, Schema } from '../schema.ts';
import { activityCodes } from './message-row.ts';

/** How the column `kind` says it. */
export const kindCodes = { message: 0, chat: 1 } as const;

type TermRow = Schema['search_terms'];
type Term = Pick<TermRow, 'user_id' | 'kind' | 'term'>;
type Block = Pick<TermRow, 'user_id' | 'kind' | 'term' | 'first_id'>;
type MarkRow = Schema['search_marks'];
type OwnId = { user_id: number; id: number };
type MessagePage = { chat_id: number; after: number; limit: number };

const formerColumns = ['user_id', 'kind', 'subject_id', 'text'] as const;
const shownMessage = ['id', 'uuid', 'chat_id', 'chat_uuid', 'role', 'text', 'active', 'created_at'] as const;

/** Finished and not deleted; one that is being written has no text of its own yet. */
const finished = (builder: Builder) =>
  builder
    .selectFrom('messages')
    .select(shownMessage)
    .where('deleted_at', 'is', null)
    .where('state', '<>', 'writing');
/** The index of messages begins with the branch: each kind of branch is walked by itself. */
const onBranch = (builder: Builder, activity: number) =>
  prepared((p: Placeholders<MessagePage>) =>
    finished(builder)
      .where('chat_id', '=', p('chat_id'))
      .where('active', '=', activity)
      .where('id', '>', p('after'))
      .orderBy('id')
      .limit(p('limit')),
  );

const formerMessages = (builder: Builder) =>
  builder
    .selectFrom('messages')
    .select((row) => ['user_id', row.lit(kindCodes.message).as('kind'), 'id', 'text'])
    .where('text', '<>', '');
const blocksOf = (builder: Builder, p: Placeholders<Term>) =>
  builder
    .selectFrom('search_terms')
    .select(['first_id', 'ids'])
    .where('user_id', '=', p('user_id'))
    .where('kind', '=', p('kind'))
    .where('term', '=', p('term'));
/** A planner that takes users for small would rather read all terms of one than look for some: each is looked up by itself. */
const newestBlock = (builder: Builder, p: Placeholders<Term>) =>
  blocksOf(builder, p).select('term').where('first_id', '=', 0);
const touched = (builder: Builder, p: Placeholders<{ user_id: number; position: number; limit: number }>) =>
  builder
    .selectFrom('changes')
    .select(['position', 'type', 'chat_id', 'message_id'])
    .where('user_id', '=', p('user_id'))
    .where('position', '>', p('position'))
    .limit(p('limit'));

export const searchQueries = ({ builder, overwriting }: Pick<SqlTraits, 'builder' | 'overwriting'>) => ({
  mark: prepared((p: Placeholders<{ user_id: number }>) =>
    builder.selectFrom('search_marks').selectAll().where('user_id', '=', p('user_id')),
  ),
  begin: prepared((p: Placeholders<MarkRow>) =>
    builder.insertInto('search_marks').values({
      user_id: p('user_id'),
      position: p('position'),
      built_chat_id: p('built_chat_id'),
      built_message_id: p('built_message_id'),
      version: p('version'),
      indexed_at: p('indexed_at'),
    }),
  ),
  turn: prepared((p: Placeholders<{ user_id: number; version: number }>) =>
    builder
      .updateTable('search_marks')
      .set((row) => ({ version: row('version', '+', 1) }))
      .where('user_id', '=', p('user_id'))
      .where('version', '=', p('version')),
  ),
  move: prepared((p: Placeholders<Omit<MarkRow, 'version'>>) =>
    builder
      .updateTable('search_marks')
      .set({
        position: p('position'),
        built_chat_id: p('built_chat_id'),
        built_message_id: p('built_message_id'),
        indexed_at: p('indexed_at'),
      })
      .where('user_id', '=', p('user_id')),
  ),
  newest: preparedSet((items: Placeholders<Term>[]) =>
    items.map((p) => newestBlock(builder, p)).reduce((all, one) => all.unionAll(one)),
  ),
  older: prepared((p: Placeholders<Term & { up_to: number; limit: number }>) =>
    blocksOf(builder, p)
      .where('first_id', '>', 0)
      .where('first_id', '<=', p('up_to'))
      .orderBy('first_id', 'desc')
      .limit(p('limit')),
  ),
  younger: prepared((p: Placeholders<Term & { after: number }>) =>
    blocksOf(builder, p).where('first_id', '>', p('after')).orderBy('first_id').limit(1),
  ),
  /** In place of the blocks that are there already. */
  writeBlocks: preparedList((items: Placeholders<TermRow>[]) =>
    builder
      .insertInto('search_terms')
      .values(
        items.map((p) => ({
          user_id: p('user_id'),
          kind: p('kind'),
          term: p('term'),
          first_id: p('first_id'),
          ids: p('ids'),
        })),
      )
      .modifyEnd(overwriting(['user_id', 'kind', 'term', 'first_id'], 'ids')),
  ),
  removeBlock: prepared((p: Placeholders<Block>) =>
    builder
      .deleteFrom('search_terms')
      .where('user_id', '=', p('user_id'))
      .where('kind', '=', p('kind'))
      .where('term', '=', p('term'))
      .where('first_id', '=', p('first_id')),
  ),
  someBlocks: prepared((p: Placeholders<{ user_id: number; limit: number }>) =>
    builder
      .selectFrom('search_terms')
      .select(['kind', 'term', 'first_id'])
      .where('user_id', '=', p('user_id'))
      .limit(p('limit')),
  ),
  keepMessage: prepared((p: Placeholders<{ id: number }>) =>
    builder
      .insertInto('search_formers')
      .columns(formerColumns)
      .expression(formerMessages(builder).where('id', '=', p('id'))),
  ),
  keepMessagesOfChat: prepared((p: Placeholders<{ chat_id: number }>) =>
    builder
      .insertInto('search_formers')
      .columns(formerColumns)
      .expression(formerMessages(builder).where('chat_id', '=', p('chat_id'))),
  ),
  keepTitle: prepared((p: Placeholders<{ id: number }>) =>
    builder
      .insertInto('search_formers')
      .columns(formerColumns)
      .expression(
        builder
          .selectFrom('chats')
          .select((row) => ['user_id', row.lit(kindCodes.chat).as('kind'), 'id', 'title'])
          .where('id', '=', p('id'))
          .where('titled', '=', 1),
      ),
  ),
  formers: prepared((p: Placeholders<{ user_id: number; limit: number }>) =>
    builder
      .selectFrom('search_formers')
      .selectAll()
      .where('user_id', '=', p('user_id'))
      .orderBy('id')
      .limit(p('limit')),
  ),
  dropFormers: preparedSet((items: Placeholders<{ id: number }>[]) =>
    builder.deleteFrom('search_formers').where(
      'id',
      'in',
      items.map((p) => p('id')),
    ),
  ),
  nextWithFormers: prepared((p: Placeholders<{ after: number }>) =>
    builder
      .selectFrom('search_formers')
      .select('user_id')
      .where('user_id', '>', p('after'))
      .orderBy('user_id')
      .limit(1),
  ),
  touchedFirst: prepared((p: Placeholders<{ user_id: number; position: number; limit: number }>) =>
    touched(builder, p).orderBy('position'),
  ),
  touchedLast: prepared((p: Placeholders<{ user_id: number; position: number; limit: number }>) =>
    touched(builder, p).orderBy('position', 'desc'),
  ),
  messages: preparedSet((items: Placeholders<OwnId>[]) =>
    finished(builder)
      .where('user_id', '=', items[0]?.('user_id') ?? 0)
      .where(
        'id',
        'in',
        items.map((p) => p('id')),
      ),
  ),
  activeOfChat: onBranch(builder, activityCodes.active),
  restingOfChat: onBranch(builder, activityCodes.resting),
  inactiveOfChat: onBranch(builder, activityCodes.inactive),
  chats: preparedSet((items: Placeholders<OwnId>[]) =>
    builder
      .selectFrom('chats')
      .select(['id', 'uuid', 'title', 'titled', 'created_at'])
      .where('user_id', '=', items[0]?.('user_id') ?? 0)
      .where(
        'id',
        'in',
        items.map((p) => p('id')),
      ),
  ),
  chatIds: prepared((p: Placeholders<{ user_id: number }>) =>
    builder.selectFrom('chats').select('id').where('user_id', '=', p('user_id')),
  ),
  lags: prepared((p: Placeholders<{ after: number; limit: number }>) =>
    builder
      .selectFrom('users')
      .leftJoin('search_marks', 'search_marks.user_id', 'users.id')
      .select([
        'users.id',
        'users.feed_position',
        'search_marks.position',
        'search_marks.built_chat_id',
        'search_marks.indexed_at',
      ])
      .where('users.id', '>', p('after'))
      .orderBy('users.id')
      .limit(p('limit')),
  ),
});

export type SearchQueries = ReturnType<typeof searchQueries>;
