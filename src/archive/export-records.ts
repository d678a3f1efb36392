import { buffer } from 'node:stream/consumers';
import type { Selectable } from 'kysely';
import type { AttachmentUuid } from '../core/attachments/attachment.ts';
import type { Files } from '../core/ports.ts';
import { canonicalLogin } from '../core/users/canonical-login.ts';
import type { Reading } from '../storage/engines/engine.ts';
import type { Named, Query } from '../storage/prepare.ts';
import type { Schema } from '../storage/schema.ts';
import type { ExportQueries } from './export-queries.ts';
import { ArchiveError, formatVersion, type ArchiveRecord } from './records.ts';
import { toAttachmentRecord, toChatRecord, toMessageRecord, toUserRecord } from './to-records.ts';

export type Export = {
  reading: Reading;
  queries: ExportQueries;
  /** The username or email of the one who is wanted; undefined: everybody. */
  login: string | undefined;
  withPasswords: boolean;
  /** Where the bytes of attachments are, when they are wanted. */
  files: Files | undefined;
  parlance: string;
  now: Date;
};

type User = Selectable<Schema['users']>;
type Reply = Selectable<Schema['replies']>;

const pageSize = 200;

/** Everything, or everything of one user: a header, then each user with their chats, messages and attachments. @throws ArchiveError */
export async function* exportRecords(wanted: Export): AsyncGenerator<ArchiveRecord> {
  const { reading, queries, login, withPasswords, parlance, now } = wanted;
  yield {
    type: 'header',
    format: 'parlance-export',
    version: formatVersion,
    parlance,
    exported_at: now.toISOString(),
  };
  if (login === undefined) {
    for await (const user of pages(reading, queries.users, {})) {
      yield toUserRecord(user, { withPassword: withPasswords });
      yield* recordsOf(wanted, user);
    }
    return;
  }
  const user = await reading.one(queries.user, { key: canonicalLogin(login) ?? '' });
  if (!user) throw new ArchiveError(`There is no user ${login}`);
  yield toUserRecord(user, { withPassword: withPasswords });
  yield* recordsOf(wanted, user);
}

async function* recordsOf(wanted: Export, { id }: User): AsyncGenerator<ArchiveRecord> {
  const { reading, queries, files, now } = wanted;
  const uuids = new Map<number, string>();
  for await (const chat of pages(reading, queries.chats, { user_id: id })) {
    yield toChatRecord(chat);
    const replies = new Map<number, Reply>();
    for await (const reply of pages(reading, queries.replies, { chat_id: chat.id }))
      if (reply.message_id !== null) replies.set(reply.message_id, reply);
    for await (const row of pages(reading, queries.messages, { chat_id: chat.id })) {
      uuids.set(row.id, row.uuid);
      const reply = replies.get(row.id);
      const said = row.state === 'writing' && reply ? await textSoFar(wanted, reply) : '';
      // As when it ends without a word: then nothing of it stays.
      if (row.state === 'writing' && said === '') continue;
      const parent = row.parent_id === null ? null : (uuids.get(row.parent_id) ?? null);
      yield toMessageRecord({
        row,
        parent,
        reply: parent === null ? undefined : reply,
        textSoFar: said,
        now: now.getTime(),
      });
    }
  }
  for await (const row of pages(reading, queries.attachments, { user_id: id })) {
    const message = row.message_id === null ? null : (uuids.get(row.message_id) ?? null);
    const bytes = await files?.read(row.uuid as AttachmentUuid);
    yield {
      ...toAttachmentRecord(row, message),
      ...(bytes ? { bytes: (await buffer(bytes)).toString('base64') } : {}),
    };
  }
}

const textSoFar = async ({ reading, queries }: Export, { id }: Reply): Promise<string> =>
  (await reading.all(queries.textSoFar, { reply_id: id })).map(({ text }) => text).join('');

/** Every row of a query that goes by the id. */
async function* pages<Values extends Named, Row extends { id: number }>(
  reading: Reading,
  query: Query<Values & { after: number; limit: number }, Row>,
  values: Values,
): AsyncGenerator<Row> {
  let after = 0;
  for (;;) {
    const rows = await reading.all(query, { ...values, after, limit: pageSize });
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = last.id;
  }
}
