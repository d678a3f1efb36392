import type { Selectable } from 'kysely';
import type { Attachment, AttachmentId, AttachmentUuid } from '../../core/attachments/attachment.ts';
import type { ChatId } from '../../core/chats/chat.ts';
import type { MessageId } from '../../core/messages/message.ts';
import type { AttachmentTable, NewAttachment } from '../../core/attachments/attachment-table.ts';
import type { UserId } from '../../core/users/user.ts';
import type { Access } from '../engines/engine.ts';
import { prepared, type Placeholders } from '../prepare.ts';
import type { Builder, Schema } from '../schema.ts';

const columns = [
  'id',
  'uuid',
  'user_id',
  'message_id',
  'name',
  'media_type',
  'size_bytes',
  'sha256',
  'width',
  'height',
  'created_at',
] as const;

type Owned = { user_id: number; uuid: string };
type Insert = Omit<Schema['attachments'], 'id' | 'message_id'>;

export const attachmentQueries = (builder: Builder) => ({
  insert: prepared((p: Placeholders<Insert>) =>
    builder.insertInto('attachments').values({
      uuid: p('uuid'),
      user_id: p('user_id'),
      name: p('name'),
      media_type: p('media_type'),
      size_bytes: p('size_bytes'),
      sha256: p('sha256'),
      storage_key: p('storage_key'),
      width: p('width'),
      height: p('height'),
      created_at: p('created_at'),
    }),
  ),
  find: prepared((p: Placeholders<Owned>) =>
    builder
      .selectFrom('attachments')
      .select(columns)
      .where('uuid', '=', p('uuid'))
      .where('user_id', '=', p('user_id')),
  ),
  exists: prepared((p: Placeholders<{ uuid: string }>) =>
    builder.selectFrom('attachments').select('id').where('uuid', '=', p('uuid')),
  ),
  countLoose: prepared((p: Placeholders<{ user_id: number }>) =>
    builder
      .selectFrom('attachments')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('user_id', '=', p('user_id'))
      .where('message_id', 'is', null),
  ),
  attach: prepared((p: Placeholders<Owned & { message_id: number }>) =>
    builder
      .updateTable('attachments')
      .set({ message_id: p('message_id') })
      .where('uuid', '=', p('uuid'))
      .where('user_id', '=', p('user_id'))
      .where('message_id', 'is', null),
  ),
  handOver: prepared((p: Placeholders<{ uuid: string; message_id: number; to: number }>) =>
    builder
      .updateTable('attachments')
      .set({ message_id: p('to') })
      .where('uuid', '=', p('uuid'))
      .where('message_id', '=', p('message_id')),
  ),
  totalBytes: prepared((p: Placeholders<{ user_id: number }>) =>
    builder
      .selectFrom('attachments')
      .select(({ fn }) => fn.sum<number | null>('size_bytes').as('total'))
      .where('user_id', '=', p('user_id')),
  ),
  ofMessage: prepared((p: Placeholders<{ message_id: number }>) =>
    builder.selectFrom('attachments').select(['id', 'uuid']).where('message_id', '=', p('message_id')),
  ),
  // By the user's files, which are few: a chat may have a hundred thousand messages.
  ofChat: prepared((p: Placeholders<{ user_id: number; chat_id: number }>) =>
    builder
      .selectFrom('attachments')
      .select(['id', 'uuid'])
      .where('user_id', '=', p('user_id'))
      .where(
        ({ selectFrom }) =>
          selectFrom('messages').select('chat_id').whereRef('messages.id', '=', 'attachments.message_id'),
        '=',
        p('chat_id'),
      ),
  ),
  ofUser: prepared((p: Placeholders<{ user_id: number }>) =>
    builder.selectFrom('attachments').select(['id', 'uuid']).where('user_id', '=', p('user_id')),
  ),
  loose: prepared((p: Placeholders<{ before: number; limit: number }>) =>
    builder
      .selectFrom('attachments')
      .select(columns)
      .where('message_id', 'is', null)
      .where('created_at', '<', p('before'))
      .orderBy('id')
      .limit(p('limit')),
  ),
  remove: prepared((p: Placeholders<{ id: number }>) =>
    builder.deleteFrom('attachments').where('id', '=', p('id')),
  ),
  removeLoose: prepared((p: Placeholders<{ id: number }>) =>
    builder.deleteFrom('attachments').where('id', '=', p('id')).where('message_id', 'is', null),
  ),
});

/** What is known of the files that users sent; the bytes are elsewhere. */
export class StoredAttachments implements AttachmentTable {
  readonly #access: Access;
  readonly #queries: ReturnType<typeof attachmentQueries>;

  constructor(access: Access, queries: ReturnType<typeof attachmentQueries>) {
    this.#access = access;
    this.#queries = queries;
  }

  async insert(attachment: NewAttachment): Promise<Attachment> {
    const { uuid, userId, name, mediaType, sizeBytes, sha256, width, height, at } = attachment;
    const values = {
      uuid,
      user_id: userId,
      name,
      media_type: mediaType,
      size_bytes: sizeBytes,
      sha256,
      storage_key: uuid,
      width,
      height,
      created_at: at.getTime(),
    };
    const id = await this.#access.write((connection) => connection.insert(this.#queries.insert, values));
    const { at: createdAt, ...rest } = attachment;
    return { id: id as AttachmentId, messageId: null, ...rest, createdAt };
  }

  async find(owner: UserId, uuid: AttachmentUuid): Promise<Attachment | undefined> {
    const row = await this.#access.one(this.#queries.find, { user_id: owner, uuid });
    return row && toAttachment(row);
  }

  async exists(uuid: AttachmentUuid): Promise<boolean> {
    return (await this.#access.one(this.#queries.exists, { uuid })) !== undefined;
  }

  async countLoose(owner: UserId): Promise<number> {
    return (await this.#access.one(this.#queries.countLoose, { user_id: owner }))?.count ?? 0;
  }

  async attach(
    owner: UserId,
    uuids: readonly AttachmentUuid[],
    messageId: MessageId,
  ): Promise<AttachmentUuid[]> {
    return this.#access.write(async (connection) => {
      const taken: AttachmentUuid[] = [];
      for (const uuid of uuids) {
        const values = { user_id: owner, uuid, message_id: messageId };
        if ((await connection.run(this.#queries.attach, values)) === 1) taken.push(uuid);
      }
      return taken;
    });
  }

  async totalBytes(owner: UserId): Promise<number> {
    const sum = await this.#access.one(this.#queries.totalBytes, { user_id: owner });
    return sum?.total ?? 0;
  }

  async handOver(
    from: MessageId,
    { to, uuids }: { to: MessageId; uuids: readonly AttachmentUuid[] },
  ): Promise<void> {
    await this.#access.write(async (connection) => {
      for (const uuid of uuids) {
        await connection.run(this.#queries.handOver, { uuid, message_id: from, to });
      }
    });
  }

  async removeOfMessage(messageId: MessageId): Promise<AttachmentUuid[]> {
    return this.#removeAll(await this.#access.all(this.#queries.ofMessage, { message_id: messageId }));
  }

  async removeOfChat(owner: UserId, chatId: ChatId): Promise<AttachmentUuid[]> {
    const values = { user_id: owner, chat_id: chatId };
    return this.#removeAll(await this.#access.all(this.#queries.ofChat, values));
  }

  async removeOfUser(owner: UserId): Promise<AttachmentUuid[]> {
    return this.#removeAll(await this.#access.all(this.#queries.ofUser, { user_id: owner }));
  }

  async #removeAll(rows: readonly { id: number; uuid: string }[]): Promise<AttachmentUuid[]> {
    await this.#access.write(async (connection) => {
      for (const { id } of rows) await connection.run(this.#queries.remove, { id });
    });
    return rows.map(({ uuid }) => uuid as AttachmentUuid);
  }

  async loose(before: Date, limit: number): Promise<Attachment[]> {
    const rows = await this.#access.all(this.#queries.loose, { before: before.getTime(), limit });
    return rows.map(toAttachment);
  }

  async remove(id: AttachmentId): Promise<void> {
    await this.#access.write((connection) => connection.run(this.#queries.remove, { id }));
  }

  async removeLoose(id: AttachmentId): Promise<boolean> {
    return (
      (await this.#access.write((connection) => connection.run(this.#queries.removeLoose, { id }))) === 1
    );
  }
}

type Row = Pick<Selectable<Schema['attachments']>, (typeof columns)[number]>;

const toAttachment = (row: Row): Attachment => ({
  id: row.id as AttachmentId,
  uuid: row.uuid as AttachmentUuid,
  userId: row.user_id as UserId,
  messageId: row.message_id as MessageId | null,
  name: row.name,
  mediaType: row.media_type,
  sizeBytes: row.size_bytes,
  sha256: row.sha256,
  width: row.width,
  height: row.height,
  createdAt: new Date(row.created_at),
});
