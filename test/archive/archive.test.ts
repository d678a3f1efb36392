import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportQueries } from '../../src/archive/export-queries.ts';
import { exportRecords } from '../../src/archive/export-records.ts';
import { importUser, type ImportedUser } from '../../src/archive/import-user.ts';
import { readArchive } from '../../src/archive/read-archive.ts';
import { readLines } from '../../src/archive/read-lines.ts';
import type { AttachmentUuid } from '../../src/core/attachments/attachment.ts';
import type { Files } from '../../src/core/ports.ts';
import type { Tables } from '../../src/core/store.ts';
import { unusableHash } from '../../src/credentials/unusable-hash.ts';
import { openFiles } from '../../src/files/open-files.ts';
import { openEngine, openStorage } from '../../src/storage/open-storage.ts';
import { describeEachEngine } from '../storage/each-engine.ts';
import { addChat, addMessage, addReply, addUser, complete, noon } from '../storage/rows.ts';
import { samples } from '../support/sample-files.ts';

type Line = Record<string, unknown> & { type: string };
type Wanted = { login?: string; withPasswords?: boolean; files?: Files };

let folder: string;
let files: Files;
/** An export of everything, and of one user without files and passwords. */
let [everything, onlyAda]: [Line[], Line[]] = [[], []];
const png = samples['png']?.bytes ?? Buffer.alloc(0);
const pictureId = randomUUID() as AttachmentUuid;

const exported = async (
  url: string,
  { login, withPasswords = true, files }: Wanted = {},
): Promise<Line[]> => {
  const engine = await openEngine(url, { poolSize: 2 });
  const lines = await engine.snapshot(async (reading) => {
    const wanted = { reading, queries: exportQueries(engine.builder), login, withPasswords, files };
    const records: unknown[] = [];
    for await (const record of exportRecords({ ...wanted, parlance: '1.2.3', now: noon }))
      records.push(record);
    return records;
  });
  await engine.close();
  return JSON.parse(JSON.stringify(lines)) as Line[];
};

const imported = async (
  url: string,
  lines: readonly (Line | string)[],
  to: Files = openFiles(join(folder, randomUUID())),
): Promise<(ImportedUser | undefined)[]> => {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const bytes = (async function* () {
    // Pieces that cut characters in two.
    const all = Buffer.from(text);
    for (let from = 0; from < all.length; from += 777) yield all.subarray(from, from + 777);
  })();
  const engine = await openEngine(url, { poolSize: 2 });
  try {
    const added: (ImportedUser | undefined)[] = [];
    for await (const user of readArchive(readLines(bytes)))
      added.push(await importUser({ engine, files: to, limitBytes: 1_000_000, unusableHash }, user));
    return added;
  } finally {
    await engine.close();
  }
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parlance-archive-'));
  files = openFiles(join(folder, 'uploads'));
  const url = join(folder, 'source.db');
  const store = await openStorage({ url });
  await store.transaction(async (tables: Tables) => {
    const hash = unusableHash();
    const ada = await addUser(tables, {
      username: 'Ada',
      usernameKey: 'ada',
      passwordHash: hash,
      role: 'admin',
    });
    await addUser(tables, {
      username: null,
      usernameKey: null,
      email: 'bob@example.org',
      emailKey: 'bob@example.org',
      passwordHash: hash,
    });
    const chat = await addChat(tables, ada);
    const question = await addMessage(tables, chat, { text: 'line\u2028separator 👩‍👩‍👧 \r\n' });
    const { reply, answer } = await addReply(tables, chat);
    await tables.messages.update(answer.id, { text: 'an answer', state: 'complete' });
    await tables.replies.end(reply.id, complete);
    const former = await addMessage(tables, chat, {
      parentId: question.id,
      role: 'assistant',
      text: 'other',
    });
    await tables.messages.setActivity([former.id], 'inactive');
    await tables.messages.bury((await addMessage(tables, chat, { parentId: answer.id })).id, noon);
    const open = await addReply(tables, chat);
    await tables.replies.append([{ replyId: open.reply.id, start: 0, text: 'so far' }]);
    await addReply(tables, await addChat(tables, ada));
    const url = `/uploads/${pictureId}`;
    const carrier = await addMessage(tables, chat, {
      imageUrl: url,
      mediaUrls: [url, 'https://x.test/a.png'],
    });
    await tables.attachments.insert({
      uuid: pictureId,
      userId: ada.id,
      name: 'dot.png',
      mediaType: 'image/png',
      sizeBytes: png.length,
      sha256: createHash('sha256').update(png).digest('hex'),
      width: 1,
      height: 1,
      at: noon,
    });
    await tables.attachments.attach(ada.id, [pictureId], carrier.id);
  });
  await store.close();
  const draft = await files.draft(pictureId, {
    bytes: (async function* () {
      yield png;
    })(),
    limitBytes: 1_000_000,
  });
  await draft.keep();
  everything = await exported(url, { files });
  onlyAda = await exported(url, { login: 'ADA', withPasswords: false });
});
afterAll(() => rmSync(folder, { recursive: true }));

test('an export says what the database holds, of everybody or of one', async () => {
  expect(everything.map(({ type }) => type)).toEqual(
    'header user chat message message message message message message message message chat message attachment user'.split(
      ' ',
    ),
  );
  expect(everything[0]).toEqual({
    type: 'header',
    format: 'parlance-export',
    version: 1,
    parlance: '1.2.3',
    exported_at: noon.toISOString(),
  });
  const messages = everything.filter(({ type }) => type === 'message');
  expect(messages.find(({ text }) => text === 'so far')).toMatchObject({ state: 'interrupted' });
  expect(messages.find(({ text }) => text === 'an answer')).toMatchObject({
    parent: messages[1]?.['id'],
    reply: { provider: 'basic', prompt_tokens: 3, tokens_estimated: false },
  });
  expect(everything.at(-2)).toMatchObject({ type: 'attachment', bytes: png.toString('base64') });
  const without = everything.slice(0, -1).map((line) => {
    const { bytes, password_hash, ...rest } = line;
    expect([line.type, bytes !== undefined, password_hash !== undefined]).toEqual([
      line.type,
      line.type === 'attachment',
      line.type === 'user',
    ]);
    return rest;
  });
  expect(onlyAda).toEqual(without);
  await expect(exported(join(folder, 'source.db'), { login: 'carol' })).rejects.toThrow(
    'There is no user carol',
  );
});

describeEachEngine('an import', (fresh) => {
  test('gives the same export again, and adds nothing the second time', async () => {
    const to = openFiles(join(folder, randomUUID()));
    expect(await imported(fresh.url, everything, to)).toEqual([
      { chats: 2, messages: 9, files: 1, missing: 0 },
      { chats: 0, messages: 0, files: 0, missing: 0 },
    ]);
    expect(await exported(fresh.url, { files: to })).toEqual(everything);
    expect(await imported(fresh.url, everything, to)).toEqual([undefined, undefined]);
    expect(await exported(fresh.url, { files: to })).toEqual(everything);
    const ada = await fresh.store.users.findByLogin('ada');
    const [chat] = ada ? await fresh.store.chats.list(ada.user.id, { after: null, limit: 9, offset: 0 }) : [];
    expect(chat?.userId).toBe(ada?.user.id);
    const listed = chat ? await fresh.store.messages.list(chat.id, { limit: 99 }) : [];
    expect(chat?.messageCount).toBe(listed.length);
    // The index of words is owed to both.
    const lags = await fresh.store.search.lags({ after: null, limit: 9 });
    expect(lags.map(({ isBuilding }) => isBuilding)).toEqual([true, true]);
  });

  test('gives new ids where another has them, and keeps what hangs together', async () => {
    await imported(fresh.url, everything);
    const twin = onlyAda.map((line) =>
      line.type === 'user' ? { ...line, id: randomUUID(), username: 'Twin' } : line,
    );
    const to = openFiles(join(folder, randomUUID()));
    expect(await imported(fresh.url, twin, to)).toEqual([{ chats: 2, messages: 9, files: 0, missing: 1 }]);
    const again = await exported(fresh.url, { login: 'twin' });
    const ids = (lines: Line[]) => lines.filter(({ type }) => type === 'message').map(({ id }) => id);
    expect(new Set([...ids(again), ...ids(everything)]).size).toBe(18);
    const shape = (lines: Line[]) =>
      lines
        .filter(({ type }) => type === 'message')
        .map(({ text, parent }) => [text, ids(lines).indexOf(parent)]);
    expect(shape(again)).toEqual(shape(everything));
    expect(again.find(({ type }) => type === 'user')?.['password_hash']).toMatch(/^\$argon2id\$/);
  });

  test('of a user whose name is taken, or who breaks off, leaves nothing of that user', async () => {
    await addUser(fresh.store, { username: 'ada', usernameKey: 'ada' });
    await expect(imported(fresh.url, everything)).rejects.toThrow('Line 2: another account is called Ada');
    const broken = onlyAda.map((line, index) =>
      line.type === 'user'
        ? { ...line, username: 'Other' }
        : index === 5
          ? { ...line, parent: randomUUID() }
          : line,
    );
    await expect(imported(fresh.url, broken)).rejects.toThrow('Line 6: parent is no message before it');
    expect(await fresh.store.users.list({ after: null, limit: 9 })).toHaveLength(1);
    expect(await exported(fresh.url, { login: 'ada' })).toHaveLength(2);
  });
});

test.each<[string, (lines: Line[]) => (Line | string)[], string]>([
  ['nothing', () => [], 'The export is empty'],
  ['no header', (lines) => lines.slice(1), 'Line 1: an export begins with a header'],
  [
    'a newer format',
    ([head, ...rest]) => [{ ...head, version: 2 } as Line, ...rest],
    'Line 1: the export is of a newer Parlance',
  ],
  ['what is not JSON', (lines) => [...lines.slice(0, 2), '{"type":', ...lines], 'Line 3: it is not JSON'],
  ['an unknown type', ([head]) => [head as Line, { type: 'constructor' }], 'Line 2: its type is none of'],
  [
    'an unknown field',
    ([head, user]) => [head as Line, { ...user, more: 1 } as Line],
    'Line 2: more is no field of it',
  ],
  ['a chat of nobody', ([head, , chat]) => [head as Line, chat as Line], 'Line 2: it belongs to no user'],
  [
    'a bad name',
    ([head, user]) => [head as Line, { ...user, username: 'a@b' } as Line],
    'Line 2: Username must have',
  ],
  [
    'half a character',
    ([head, user]) => [head as Line, { ...user, first_name: '\ud83d' } as Line],
    'Line 2: first_name holds a NUL or half',
  ],
  [
    'a day that is none',
    ([head, user]) => [head as Line, { ...user, created_at: '2026-13-01T00:00:00Z' } as Line],
    'Line 2: created_at is no time',
  ],
  [
    'a hash of nothing known',
    ([head, user]) => [head as Line, { ...user, password_hash: 'plain' } as Line],
    'Line 2: password_hash is of no kind',
  ],
  [
    'bytes of something else',
    (lines) => lines.map((line) => (line.type === 'attachment' ? { ...line, bytes: 'AAAA' } : line)),
    'bytes are not those of its sha256',
  ],
])('an import of %s is refused', async (_, change, problem) => {
  const target = join(folder, `${randomUUID()}.db`);
  const store = await openStorage({ url: target });
  const uploads = join(folder, randomUUID());
  await expect(imported(target, change(everything), openFiles(uploads))).rejects.toThrow(problem);
  expect(await store.users.list({ after: null, limit: 9 })).toEqual([]);
  await store.close();
  expect(existsSync(uploads) ? readdirSync(uploads) : []).toEqual([]);
});
