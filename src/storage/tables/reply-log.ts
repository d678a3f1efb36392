import type { NewDelta } from '../../core/replies/reply-table.ts';
import type { ReplyId } from '../../core/replies/reply.ts';
import type { Connection, Reading } from '../engines/engine.ts';
import { prepared, preparedList, preparedSet, type Placeholders } from '../prepare.ts';
import type { Builder, Schema } from '../schema.ts';

export const replyLogQueries = (builder: Builder) => ({
  /** How long the logs of open replies are; null for an empty one. */
  lengths: preparedSet((items: Placeholders<{ id: number }>[]) =>
    builder
      .selectFrom('replies')
      .select('replies.id')
      .select((select) =>
        select
          .selectFrom('reply_deltas')
          .select((delta) => delta('start', '+', delta.ref('length')).as('length'))
          .whereRef('reply_deltas.reply_id', '=', 'replies.id')
          .orderBy('start', 'desc')
          .limit(1)
          .as('length'),
      )
      .where(
        'replies.id',
        'in',
        items.map((p) => p('id')),
      )
      .where('replies.ended_at', 'is', null),
  ),
  append: preparedList((items: Placeholders<Schema['reply_deltas']>[]) =>
    builder.insertInto('reply_deltas').values(
      items.map((p) => ({
        reply_id: p('reply_id'),
        start: p('start'),
        length: p('length'),
        text: p('text'),
      })),
    ),
  ),
  /** From the delta that holds a position on. */
  textFrom: prepared((p: Placeholders<{ reply_id: number; start: number }>) =>
    builder
      .selectFrom('reply_deltas')
      .select(['start', 'text'])
      .where('reply_id', '=', p('reply_id'))
      .where('start', '>=', (where) =>
        where.fn.coalesce(
          where
            .selectFrom('reply_deltas')
            .select('start')
            .where('reply_id', '=', p('reply_id'))
            .where('start', '<=', p('start'))
            .orderBy('start', 'desc')
            .limit(1),
          where.lit(0),
        ),
      )
      .orderBy('start'),
  ),
  drop: prepared((p: Placeholders<{ reply_id: number }>) =>
    builder.deleteFrom('reply_deltas').where('reply_id', '=', p('reply_id')),
  ),
});

export type ReplyLogQueries = ReturnType<typeof replyLogQueries>;

/**
 * Adds deltas to the ends of logs; a delta may follow another one of the list. The lengths are read first, in one statement for all
 * replies, because no database checks a gap by itself; that nobody appends in between is due to the primary key. Text that a log ends
 * with already is left.
 * @throws Error when a delta does not start where its log ends, or its reply has ended
 */
export const appendToLogs = async (
  connection: Connection,
  queries: ReplyLogQueries,
  deltas: readonly NewDelta[],
): Promise<void> => {
  const ends = new Map<number, number>();
  const ids = [...new Set(deltas.map(({ replyId }) => replyId))];
  for (const { query, items } of queries.lengths.pieces(ids.map((id) => ({ id })))) {
    for (const { id, length } of await connection.all(query, items)) ends.set(id, length ?? 0);
  }
  const rows: Schema['reply_deltas'][] = [];
  for (const { replyId, start, text } of deltas) {
    const end = ends.get(replyId);
    if (end === undefined) throw new Error(`Reply ${replyId} is not open, so its log takes no text`);
    if (text === '' || (end > start && (await endsWith(connection, queries, { replyId, start, text }))))
      continue;
    if (end !== start)
      throw new Error(
        `The log of reply ${replyId} is ${end} code units long; text from ${start} does not follow`,
      );
    ends.set(replyId, start + text.length);
    rows.push({ reply_id: replyId, start, length: text.length, text });
  }
  for (const { query, items } of queries.append.pieces(rows)) await connection.run(query, items);
};

const endsWith = async (
  connection: Connection,
  queries: ReplyLogQueries,
  { replyId, start, text }: NewDelta,
): Promise<boolean> => {
  return (await textOfLog(connection, queries, { id: replyId, start })) === text;
};

/** The committed text of a log from a position on, which may lie inside a delta. */
export const textOfLog = async (
  access: Reading,
  queries: ReplyLogQueries,
  from: { id: ReplyId; start: number },
): Promise<string> => {
  const rows = await access.all(queries.textFrom, { reply_id: from.id, start: from.start });
  let text = '';
  for (const row of rows) text += row.start < from.start ? row.text.slice(from.start - row.start) : row.text;
  return text;
};
