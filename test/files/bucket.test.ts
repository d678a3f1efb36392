import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AttachmentUuid } from '../../src/core/attachments/attachment.ts';
import { attachmentUrl } from '../../src/core/attachments/attachment-url.ts';
import { collectFiles } from '../../src/core/attachments/collect-attachments.ts';
import type { Files } from '../../src/core/ports.ts';
import { openBucketFiles } from '../../src/files/open-bucket-files.ts';
import { type BucketSettings, openBucket } from '../../src/files/s3/bucket.ts';
import { type FakeS3, startFakeS3, type Trouble } from '../support/fake-s3/fake-s3.ts';
import { refused } from '../support/logins.ts';
import { openTempCore } from '../support/temp-core.ts';

let s3: FakeS3;
let folder: string;
const opened: Files[] = [];
beforeAll(async () => {
  s3 = await startFakeS3();
});
afterAll(() => s3.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parlance-bucket-'));
  s3.objects.clear();
  s3.requests.length = 0;
  s3.trouble.length = 0;
  s3.clock = () => new Date();
});
afterEach(async () => {
  for (const files of opened.splice(0)) await files.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = (changed: Partial<BucketSettings> = {}): Files => {
  const files = openBucketFiles({ ...s3.settings, ...changed }, join(folder, 'uploads'));
  opened.push(files);
  return files;
};
const words = 'some words';
const draft = (files: Files) =>
  files.draft(randomUUID() as AttachmentUuid, {
    bytes: Readable.from([Buffer.from(words)]),
    limitBytes: 100,
  });
const spooled = () => (existsSync(join(folder, 'uploads')) ? readdirSync(join(folder, 'uploads')) : []);
const failureOf = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => new Error('It worked'),
    (thrown: unknown) => thrown as Error,
  );
const all = async (list: AsyncIterable<unknown>) => {
  for await (const one of list) expect(one).toHaveProperty('isDraft', true);
};
const troubles = (method: string, ...whats: Trouble[]) =>
  s3.trouble.push(...whats.map((what) => ({ method, what })));

describe('the bucket refuses', () => {
  it.each([
    ['another key', { secretAccessKey: 'another key, of the right length too' }, 'SignatureDoesNotMatch'],
    ['another name', { accessKeyId: 'AKIASOMEBODYELSE' }, 'InvalidAccessKeyId'],
    ['another region', { region: 'us-east-1' }, 'AuthorizationHeaderMalformed'],
  ])('%s, and no key shows in what is said of it', async (_name, changed, code) => {
    const settings = { ...s3.settings, ...changed };
    const failure = await failureOf((await draft(open(changed))).keep());
    expect(failure).toEqual(refused('files-unavailable'));
    expect(failure.cause).toEqual(new Error(`The bucket answered 403 ${code}`));
    const said = inspect(failure, { depth: 20, showHidden: true });
    expect(said).not.toContain(settings.secretAccessKey);
    expect(said).not.toContain(settings.accessKeyId);
    expect([s3.objects.size, s3.requests.length]).toEqual([0, 1]);
  });

  it('what was signed too long ago', async () => {
    s3.clock = () => new Date(Date.now() + 16 * 60_000);
    const failure = await failureOf((await draft(open())).keep());
    expect(failure.cause).toEqual(new Error('The bucket answered 403 RequestTimeTooSkewed'));
  });

  it('content other than what was signed', async () => {
    const bucket = openBucket(s3.settings);
    const body = {
      open: () => Readable.from([Buffer.from('altered')]),
      sizeBytes: 7,
      sha256: 'a'.repeat(64),
    };
    const failure = await failureOf(bucket.call({ method: 'PUT', key: 'x', body }));
    await bucket.close();
    expect(failure.cause).toEqual(new Error('The bucket answered 403 XAmzContentSHA256Mismatch'));
  });

  it('a name that it does not have', async () => {
    const { origin } = new URL(s3.settings.url);
    const files = open({ url: `${origin}/another-bucket` });
    const made = await draft(files);
    for (const work of [
      () => made.keep(),
      () => files.read(randomUUID() as AttachmentUuid),
      () => all(files.list(new Date())),
    ]) {
      expect((await failureOf(work())).cause).toEqual(new Error('The bucket answered 404 NoSuchBucket'));
    }
  });
});

describe('a bucket in trouble', () => {
  it.each<[string, Trouble[]]>([
    ['is busy', [503, 500]],
    ['breaks the connection', ['reset', 'reset']],
    ['does what it is asked and does not say so', ['answer-lost', 'answer-lost']],
  ])('that %s is asked again', async (_name, whats) => {
    troubles('PUT', ...whats);
    const made = await draft(open());
    await made.keep();
    expect([...s3.objects.values()].map(({ bytes }) => bytes.toString())).toEqual([words]);
    expect([s3.requests.length, spooled()]).toEqual([3, []]);
  });

  it('for longer keeps nothing, and acknowledges nothing', async () => {
    const files = open();
    const core = await openTempCore({ files });
    const actor = await core.newActor();
    const store = () =>
      core.core.attachments.store(actor, { name: 'a.txt', bytes: Readable.from([Buffer.from(words)]) });
    for (const what of [503, 'reset', 'answer-lost'] as const) {
      troubles('PUT', what, what, what);
      await expect(store()).rejects.toThrow(refused('files-unavailable'));
      expect([spooled(), await core.store.attachments.countLoose(actor.userId)]).toEqual([[], 0]);
      // What arrived although nobody heard so is taken away again.
      await expect.poll(() => s3.objects.size).toBe(0);
    }
    expect(await store()).toMatchObject({ sizeBytes: words.length });
    await core.dispose();
  });

  it('that is not there at all is 503', async () => {
    const gone = await startFakeS3();
    await gone.close();
    const files = open({ url: gone.settings.url });
    const failure = await failureOf(files.read(randomUUID() as AttachmentUuid));
    expect(failure).toEqual(refused('files-unavailable'));
  });
});

describe('a server with a bucket', () => {
  it('removes files with their messages, and those of which nobody knows', async () => {
    const files = open();
    const core = await openTempCore({ files });
    const actor = await core.newActor();
    const store = (name: string) =>
      core.core.attachments.store(actor, { name, bytes: Readable.from([Buffer.from(words)]) });
    const [sent, orphan, loose] = [await store('sent'), await store('orphan'), await store('loose')];
    const chat = await core.core.chats.create(actor, {});
    const content = {
      chat: chat.uuid,
      role: 'user',
      text: '',
      mediaUrls: [attachmentUrl(sent.uuid)],
    } as const;
    const { message } = await core.core.messages.add(actor, content);
    await core.core.messages.delete(actor, message.uuid);
    const names = () => [...s3.objects.keys()].map((key) => key.replace('some/folder/', '')).toSorted();
    expect(names()).toEqual([orphan.uuid, loose.uuid].toSorted());

    await core.store.attachments.remove(orphan.id);
    for (const stored of s3.objects.values()) stored.changedAt = new Date(Date.now() - 2 * 86_400_000);
    s3.objects.set('some/folder/notes.txt', { ...stranger, changedAt: new Date(0) });
    s3.objects.set(`elsewhere/${randomUUID()}`, { ...stranger, changedAt: new Date(0) });
    const deps = { files, clock: () => new Date(), store: core.store };
    expect(await collectFiles(deps)).toBe(1);
    expect(names().filter((name) => name === orphan.uuid)).toEqual([]);
    expect(s3.objects.size).toBe(3);
    await core.dispose();
  });

  it('gives nothing to browsers that a bucket might open to them', async () => {
    await (await draft(open())).keep();
    expect([...s3.objects.values()].map(({ contentType }) => contentType)).toEqual([
      'application/octet-stream',
    ]);
  });
});

/** What somebody else keeps in the same bucket. */
const stranger = { bytes: Buffer.from('not ours'), contentType: undefined };
