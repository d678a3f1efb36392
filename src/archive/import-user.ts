import type { AttachmentUuid } from '../core/attachments/attachment.ts';
import type { Files } from '../core/ports.ts';
import { firstCharacters } from '../core/unicode-text.ts';
import type { Connection, Engine } from '../storage/engines/engine.ts';
import { checkReferences, checkUser } from './check-user.ts';
import { importFile, type ImportedFile } from './import-files.ts';
import { importQueries, insertRow, takenOf, type ImportQueries, type NewRow } from './import-queries.ts';
import { NewNames } from './new-names.ts';
import { at, type ArchivedChat, type ArchivedUser } from './read-archive.ts';

export type ImportTarget = {
  engine: Engine;
  files: Files;
  /** Of a file. */
  limitBytes: number;
  /** The hash of somebody who has no password. */
  unusableHash: () => string;
};
/** `files`: how many were kept, `missing`: how many have no bytes and were left out. */
export type ImportedUser = { chats: number; messages: number; files: number; missing: number };

/**
 * Adds a user with everything of theirs, in one transaction. Undefined for one who is there already, and stays as they are.
 * @throws ArchiveError
 */
export async function importUser(
  target: ImportTarget,
  archived: ArchivedUser,
): Promise<ImportedUser | undefined> {
  const { engine } = target;
  const queries = importQueries(engine.builder);
  const access = { reading: engine.reader, queries };
  const row = checkUser(archived, target.unusableHash);
  checkReferences(archived);
  if ((await takenOf(access, 'users', [row.uuid])).size > 0) return undefined;
  for (const [key, name] of [
    [row.username_key, row.username],
    [row.email_key, row.email],
  ] as const)
    if (key !== null && (await engine.reader.one(queries.named, { key })))
      throw at(archived.line, `another account is called ${name}`);
  const names = await NewNames.of(archived, access);
  // Before the transaction, so that nobody waits for them; files of nobody are removed after a day.
  const files = await keepFiles(target, archived, names);
  return engine.rewrite((connection) => addUser({ connection, queries, names, files }, archived, row));
}

async function keepFiles(
  { files, limitBytes }: ImportTarget,
  { attachments }: ArchivedUser,
  names: NewNames,
): Promise<Map<string, ImportedFile>> {
  const kept = new Map<string, ImportedFile>();
  for (const attachment of attachments) {
    const uuid = names.of(attachment.record.id) as AttachmentUuid;
    const file = await importFile(attachment, { files, uuid, limitBytes });
    if (file) kept.set(attachment.record.id, file);
  }
  return kept;
}

type Adding = {
  connection: Connection;
  queries: ImportQueries;
  names: NewNames;
  files: Map<string, ImportedFile>;
};

async function addUser(
  adding: Adding,
  { chats, attachments }: ArchivedUser,
  row: NewRow<'users'>,
): Promise<ImportedUser> {
  const { names, files } = adding;
  const userId = await insertRow(adding, 'users', row);
  const ids = new Map<string, number>();
  for (const chat of chats) await addChat(adding, { chat, userId, ids });
  for (const { record } of attachments) {
    const file = files.get(record.id);
    if (!file) continue;
    const uuid = names.of(record.id);
    await insertRow(adding, 'attachments', {
      uuid,
      user_id: userId,
      message_id: record.message === null ? null : (ids.get(record.message) ?? null),
      name: record.name,
      ...file,
      size_bytes: record.size_bytes,
      sha256: record.sha256,
      storage_key: uuid,
      created_at: Date.parse(record.created_at),
    });
  }
  const missing = attachments.length - files.size;
  return { chats: chats.length, messages: ids.size, files: files.size, missing };
}

type AddChat = { chat: ArchivedChat; userId: number; ids: Map<string, number> };

async function addChat(adding: Adding, { chat, userId, ids }: AddChat): Promise<void> {
  const { names } = adding;
  const { record, messages } = chat;
  const shown = messages.filter(({ record: one }) => one.activity === 'active' && one.deleted_at === null);
  const last = shown.at(-1)?.record;
  const uuid = names.of(record.id);
  const chatId = await insertRow(adding, 'chats', {
    uuid,
    user_id: userId,
    title: record.title,
    titled: record.titled ? 1 : 0,
    pinned: record.pinned ? 1 : 0,
    model: record.model,
    system_prompt: record.system_prompt,
    temperature_milli: record.temperature === null ? null : Math.round(record.temperature * 1000),
    max_output_tokens: record.max_output_tokens,
    summary: null,
    summary_message_id: null,
    message_count: shown.length,
    last_message_at: last ? Date.parse(last.created_at) : null,
    last_message_text: firstCharacters(last?.text ?? '', 200),
    revision: 1,
    created_at: Date.parse(record.created_at),
    updated_at: Date.parse(record.updated_at),
  });
  for (const { record: message } of messages)
    ids.set(message.id, await addMessage(adding, { message, chat: { id: chatId, uuid }, userId, ids }));
}

type AddMessage = Omit<AddChat, 'chat'> & {
  message: ArchivedChat['messages'][number]['record'];
  chat: { id: number; uuid: string };
};
const activityCodes = { inactive: 0, active: 1, resting: 2 } as const;

async function addMessage(adding: Adding, { message, chat, userId, ids }: AddMessage): Promise<number> {
  const { names } = adding;
  const media = message.media_urls.map((url) => names.inUrl(url));
  const parentId = message.parent === null ? null : (ids.get(message.parent) ?? null);
  const shared = { chat_id: chat.id, chat_uuid: chat.uuid, user_id: userId, state: message.state };
  const id = await insertRow(adding, 'messages', {
    ...shared,
    uuid: names.of(message.id),
    parent_id: parentId,
    role: message.role,
    text: message.text,
    kind: message.kind,
    image_url: message.image_url === null ? null : names.inUrl(message.image_url),
    media: media.length === 0 ? null : JSON.stringify(media),
    reply_to_uuid: message.reply_to === null ? null : names.of(message.reply_to),
    active: activityCodes[message.activity],
    delivery_status: message.delivery,
    revision: 1,
    deleted_at: message.deleted_at === null ? null : Date.parse(message.deleted_at),
    created_at: Date.parse(message.created_at),
    updated_at: Date.parse(message.updated_at),
  });
  const { reply } = message;
  if (reply && parentId !== null)
    await insertRow(adding, 'replies', {
      ...shared,
      uuid: names.of(reply.id),
      answers_id: parentId,
      message_id: id,
      error_code: reply.error_code,
      node_id: null,
      provider: reply.provider,
      model: reply.model,
      prompt_tokens: reply.prompt_tokens,
      completion_tokens: reply.completion_tokens,
      tokens_estimated: reply.tokens_estimated === null ? null : Number(reply.tokens_estimated),
      reserved_tokens: null,
      stop_requested: 0,
      started_at: reply.started_at === null ? null : Date.parse(reply.started_at),
      first_text_at: reply.first_text_at === null ? null : Date.parse(reply.first_text_at),
      created_at: Date.parse(reply.created_at),
      ended_at: Date.parse(reply.ended_at),
    });
  return id;
}
