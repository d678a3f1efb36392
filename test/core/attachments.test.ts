import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attachmentsAmong, attachmentUrl } from '../../src/core/attachments/attachment-url.ts';
import { collectFiles, collectLoose } from '../../src/core/attachments/collect-attachments.ts';
import type { ChatUuid } from '../../src/core/chats/chat.ts';
import type { Actor } from '../../src/core/ports.ts';
import { openFiles } from '../../src/files/open-files.ts';
import { defaultLimits } from '../../src/core/limits.ts';
import { playClock, type PlayedClock, refused } from '../support/logins.ts';
import { createRecordingLog, type RecordingLog } from '../support/recording-log.ts';
import { samples } from '../support/sample-files.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';

const day = 86_400_000;
const limits = {
  ...defaultLimits,
  attachmentBytes: 1_000,
  attachmentBytesPerUser: 2_500,
  imagePixels: 100,
  looseAttachmentsPerUser: 3,
};
let folder: string;
let clock: PlayedClock;
let log: RecordingLog;
let core: TempCore;
let actor: Actor;
let deps: Parameters<typeof collectFiles>[0];
beforeEach(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'parlance-uploads-')), 'uploads');
  clock = playClock(new Date());
  const files = openFiles(folder);
  log = createRecordingLog();
  core = await openTempCore({ files, clock, log, limits });
  deps = { files, clock, store: core.store };
  actor = await core.newActor();
});
afterEach(async () => {
  await core.dispose();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

async function* bytesOf(content: string | Buffer) {
  yield Buffer.from(content);
}
const store = (content: string | Buffer = 'some text', name = 'note.txt', of = actor) =>
  core.core.attachments.store(of, { name, bytes: bytesOf(content) });
const kept = () => readdirSync(folder).length;

describe('storing', () => {
  it('keeps a file, which its owner alone can read', async () => {
    const attachment = await store('some text', 'C:\\secrets\\..\\no\u202ete.txt');
    expect(attachment).toMatchObject({
      name: 'note.txt',
      mediaType: 'text/plain',
      sizeBytes: 9,
      messageId: null,
    });
    const read = await core.core.attachments.read(actor, attachment.uuid);
    expect(read.attachment).toEqual(attachment);
    expect(await text(read.bytes)).toBe('some text');
    const stranger = await core.newActor();
    const { uuid } = attachment;
    await expect(core.core.attachments.read(stranger, uuid)).rejects.toThrow(refused('attachment-not-found'));
    await expect(core.core.attachments.remove(stranger, uuid)).rejects.toThrow(
      refused('attachment-not-found'),
    );
    await core.core.attachments.remove(actor, uuid);
    await expect(core.core.attachments.read(actor, uuid)).rejects.toThrow(refused('attachment-not-found'));
    expect(kept()).toBe(0);
  });

  it.each([
    ['', 'file-empty'],
    ['x'.repeat(1_001), 'file-too-large'],
    [Buffer.from([0, 1, 2, 255]), 'file-type-refused'],
  ] as const)('refuses what it cannot keep, and leaves nothing: %#', async (content, code) => {
    await expect(store(content)).rejects.toThrow(refused(code));
    expect(kept()).toBe(0);
    expect(await core.store.attachments.countLoose(actor.userId)).toBe(0);
  });

  it('refuses what would be more than a user may have, however many come at once', async () => {
    const sizes = [1_000, 900, 900, 1_000];
    const chat = await core.core.chats.create(actor, {});
    const stored = await Promise.allSettled(sizes.map((size) => store('x'.repeat(size))));
    const attachments = stored.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refusals = stored.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    for (const refusal of refusals) expect(refusal).toEqual(refused('quota-exceeded'));
    const bytes = attachments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    expect(bytes).toBeLessThanOrEqual(2_500);
    expect(bytes).toBeGreaterThan(1_500);
    expect(kept()).toBe(attachments.length);
    const uuids = attachments.map(({ uuid }) => uuid);
    const content = { chat: chat.uuid, role: 'user', text: 'all', attachments: uuids } as const;
    await core.core.messages.add(actor, content);
    await expect(store('x'.repeat(2_501 - bytes))).rejects.toThrow(refused('quota-exceeded'));
    await core.core.chats.delete(actor, chat.uuid);
    await store('x'.repeat(1_000));
  });

  it('knows how large images are, and refuses those of too many pixels', async () => {
    const png = samples['png']?.bytes ?? Buffer.alloc(0);
    expect(await store(png)).toMatchObject({ mediaType: 'image/png', width: 1, height: 1 });
    const large = Buffer.from(png);
    large.writeUInt32BE(101, 16);
    await expect(store(large)).rejects.toThrow(refused('image-too-large'));
    expect(kept()).toBe(1);
    expect(await store()).toMatchObject({ width: null, height: null });
  });

  it('refuses more files than may wait for a message', async () => {
    for (let count = 0; count < 3; count += 1) await store();
    await expect(store()).rejects.toThrow(refused('too-many-files'));
    await store('another’s', 'note.txt', await core.newActor());
  });
});

describe('a message', () => {
  const say = async (chat: Awaited<ReturnType<typeof newChat>>, mediaUrls: string[], of = actor) =>
    (await core.core.messages.add(of, { chat: chat.uuid, role: 'user', text: 'look', mediaUrls })).message;
  const newChat = (of = actor) => core.core.chats.create(of, {});

  it('carries the files that it names, of its own user only', async () => {
    const stranger = await core.newActor();
    const [mine, theirs] = [await store(), await store('theirs', 'note.txt', stranger)];
    const urls = [attachmentUrl(mine.uuid), `https://chat.example.org${attachmentUrl(theirs.uuid)}`];
    const message = await say(await newChat(), urls);
    expect((await core.store.attachments.find(actor.userId, mine.uuid))?.messageId).toBe(message.id);
    expect((await core.store.attachments.find(stranger.userId, theirs.uuid))?.messageId).toBeNull();
  });

  it('keeps them from being collected, and takes them along when it is deleted', async () => {
    const [sent, loose] = [await store(), await store()];
    const message = await say(await newChat(), [attachmentUrl(sent.uuid)]);
    expect(await collectLoose(deps)).toBe(0);
    clock.advance(day + 1);
    expect(await collectLoose(deps)).toBe(1);
    expect(readdirSync(folder)).toEqual([sent.uuid]);
    await expect(core.core.attachments.read(actor, loose.uuid)).rejects.toThrow(
      refused('attachment-not-found'),
    );
    expect(await collectLoose(deps)).toBe(0);
    await core.core.messages.delete(actor, message.uuid);
    expect(kept()).toBe(0);
  });

  it('is refused where it names files of others or of other messages, and stores nothing', async () => {
    const [mine, theirs] = [await store(), await store('theirs', 'note.txt', await core.newActor())];
    const chat = await newChat();
    const send = (uuid: typeof mine.uuid) =>
      core.core.messages.add(actor, { chat: chat.uuid, role: 'user', text: '', attachments: [uuid] });
    const { message } = await send(mine.uuid);
    expect(message.mediaUrls).toEqual([attachmentUrl(mine.uuid)]);
    await expect(send(mine.uuid)).rejects.toThrow(refused('attachment-taken'));
    await expect(send(theirs.uuid)).rejects.toThrow(refused('attachment-not-found'));
    expect(await core.core.messages.list(actor, chat.uuid, { limit: 10 })).toEqual([message]);
  });

  it.each([
    ['its chat is deleted', (chat: ChatUuid) => core.core.chats.delete(actor, chat)],
    ['its chat is cleared', (chat: ChatUuid) => core.core.chats.clear(actor, chat)],
    ['its user leaves', () => core.core.users.remove(actor)],
  ])('takes its files along when %s', async (_when, end) => {
    const [mine, other] = [await store(), await store('x', 'x.txt', await core.newActor())];
    const chat = await newChat();
    await say(chat, [attachmentUrl(mine.uuid)]);
    await end(chat.uuid);
    expect(readdirSync(folder)).toEqual([other.uuid]);
    expect(await core.store.attachments.exists(mine.uuid)).toBe(false);
  });

  it('goes even where its files cannot be removed, and the log says so', async () => {
    const mine = await store();
    const message = await say(await newChat(), [attachmentUrl(mine.uuid)]);
    // What stands in its place is no file, and so is not removed as one.
    rmSync(join(folder, mine.uuid));
    mkdirSync(join(folder, mine.uuid));
    await core.core.messages.delete(actor, message.uuid);
    expect(await core.store.attachments.exists(mine.uuid)).toBe(false);
    expect(log.lines.map(({ fields }) => fields['code'])).toEqual(['files-unavailable']);
  });
});

describe('collecting files', () => {
  it('removes those of which no row knows, after a day', async () => {
    const { uuid } = await store();
    const gone = await store();
    await core.store.attachments.remove(gone.id);
    const draft = '0190a000-0000-7000-8000-000000000000';
    await deps.files.draft(draft as typeof uuid, { bytes: bytesOf('half'), limitBytes: 10 });
    expect(await collectFiles(deps)).toBe(0);
    const yesterday = new Date(Date.now() - day - 60_000);
    for (const name of readdirSync(folder)) utimesSync(join(folder, name), yesterday, yesterday);
    expect(await collectFiles(deps)).toBe(2);
    expect(readdirSync(folder)).toEqual([uuid]);
  });
});

describe('URLs', () => {
  it.each([
    ['/uploads/0190a000-0000-7000-8000-000000000000', 1],
    ['https://chat.example.org/uploads/0190a000-0000-7000-8000-000000000000', 1],
    ['/uploads/0190A000-0000-7000-8000-000000000000', 0],
    ['/uploads/0190a000-0000-7000-8000-000000000000/x', 0],
    ['/other-uploads/0190a000-0000-7000-8000-000000000000', 0],
    ['data:image/png;base64,AAAA', 0],
    ['', 0],
  ])('%j name %i attachments', (url, count) => {
    expect(attachmentsAmong([url, url])).toHaveLength(count);
  });
});
