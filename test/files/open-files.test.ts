import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AttachmentUuid } from '../../src/core/attachments/attachment.ts';
import type { Files } from '../../src/core/ports.ts';
import { openBucketFiles } from '../../src/files/open-bucket-files.ts';
import { openFiles } from '../../src/files/open-files.ts';
import { type FakeS3, startFakeS3 } from '../support/fake-s3/fake-s3.ts';
import { samples } from '../support/sample-files.ts';

let root: string;
let folder: string;
let files: Files;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parlance-files-'));
  folder = join(root, 'uploads');
});
afterEach(async () => {
  await files.close();
  rmSync(root, { recursive: true, force: true });
});

/** A place for files, and how a test looks behind it. */
type Place = {
  open(): void;
  /** What lies there, drafts with `.part` at their end. */
  names(): string[];
  bytesOf(uuid: AttachmentUuid): Buffer | undefined;
  /** Makes a file or a draft look as old. */
  age(name: string, at: Date): void;
};

const onDisk = (): string[] => (existsSync(folder) ? readdirSync(folder) : []);
const inFolder: Place = {
  open: () => void (files = openFiles(folder)),
  names: onDisk,
  bytesOf: (uuid) => readFileSync(join(folder, uuid)),
  age: (name, at) => utimesSync(join(folder, name), at, at),
};

let s3: FakeS3;
beforeAll(async () => {
  s3 = await startFakeS3();
});
afterAll(() => s3.close());

const inBucket: Place = {
  open() {
    s3.objects.clear();
    s3.requests.length = 0;
    s3.pageSize = 1;
    files = openBucketFiles(s3.settings, folder);
  },
  names: () => [...[...s3.objects.keys()].map((key) => key.replace('some/folder/', '')), ...onDisk()],
  bytesOf: (uuid) => s3.objects.get(`some/folder/${uuid}`)?.bytes,
  age(name, at) {
    const stored = s3.objects.get(`some/folder/${name}`);
    if (stored) stored.changedAt = at;
    else utimesSync(join(folder, name), at, at);
  },
};

const newUuid = () => randomUUID() as AttachmentUuid;
async function* inPieces(bytes: Buffer, size = 1_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const draft = (bytes: Buffer, uuid = newUuid(), limitBytes = 1_000_000) =>
  files.draft(uuid, { bytes: inPieces(bytes), limitBytes });

describe.each([
  ['a folder', inFolder],
  ['a bucket', inBucket],
])('in %s', (_name, place) => {
  beforeEach(() => place.open());

  describe('a file', () => {
    it('is found once it is kept, byte for byte, by nobody but its owner’s process', async () => {
      const uuid = newUuid();
      const bytes = randomBytes(123_456);
      const made = await draft(bytes, uuid);
      expect(made).toMatchObject({
        sizeBytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
      expect(await files.read(uuid)).toBeUndefined();
      await made.keep();
      const read = await files.read(uuid);
      expect(read && bytes.equals(await buffer(read))).toBe(true);
      const part = await files.read(uuid, { first: 1_000, last: 1_999 });
      expect(part && (await buffer(part))).toEqual(bytes.subarray(1_000, 2_000));
      expect(place.names()).toEqual([uuid]);
      expect(place.bytesOf(uuid)?.equals(bytes)).toBe(true);
      for (const one of [folder, ...onDisk().map((name) => join(folder, name))]) {
        expect(statSync(one).mode & 0o077).toBe(0);
      }
      await files.remove(uuid);
      await files.remove(uuid);
      expect(place.names()).toEqual([]);
    });

    it('is not begun by looking for one', async () => {
      expect(await files.read(newUuid())).toBeUndefined();
      for await (const found of files.list(new Date())) expect(found).toBeUndefined();
      await files.remove(newUuid());
      expect(readdirSync(root)).toEqual([]);
    });

    it.each(['../secret', 'a/b', '', '.', 'x'.repeat(36)])('is never called %j', async (name) => {
      const uuid = name as AttachmentUuid;
      await expect(files.read(uuid)).rejects.toMatchObject({ code: 'attachment-not-found' });
      await expect(draft(Buffer.from('x'), uuid)).rejects.toMatchObject({ code: 'attachment-not-found' });
    });

    it('that is too large leaves nothing, and is read no further', async () => {
      let asked = 0;
      const bytes = (async function* () {
        for (;;) {
          asked += 1;
          yield Buffer.alloc(1_000);
        }
      })();
      await expect(files.draft(newUuid(), { bytes, limitBytes: 10_000 })).rejects.toMatchObject({
        code: 'file-too-large',
      });
      expect(asked).toBe(11);
      expect(place.names()).toEqual([]);
    });

    it('of exactly the limit is kept', async () => {
      expect(await draft(Buffer.alloc(10_000), newUuid(), 10_000)).toMatchObject({ sizeBytes: 10_000 });
    });

    it('that breaks off leaves nothing', async () => {
      const bytes = (async function* () {
        yield Buffer.from('half');
        throw new Error('gone');
      })();
      await expect(files.draft(newUuid(), { bytes, limitBytes: 100 })).rejects.toThrow('gone');
      expect(place.names()).toEqual([]);
    });

    it('that is dropped is gone, kept or not', async () => {
      await (await draft(Buffer.from('one'))).drop();
      const kept = await draft(Buffer.from('two'));
      await kept.keep();
      await kept.drop();
      expect(place.names()).toEqual([]);
    });

    it('cannot take the place of another', async () => {
      const uuid = newUuid();
      await draft(Buffer.from('one'), uuid);
      await expect(draft(Buffer.from('two'), uuid)).rejects.toMatchObject({ code: 'files-unavailable' });
    });
  });

  describe('the list', () => {
    it('has files and drafts from before a time, and nothing else', async () => {
      const [old, unfinished, young] = [newUuid(), newUuid(), newUuid()];
      await (await draft(Buffer.from('old'), old)).keep();
      await draft(Buffer.from('unfinished'), unfinished);
      await (await draft(Buffer.from('young'), young)).keep();
      const yesterday = new Date(Date.now() - 86_400_000);
      for (const name of [old, `${unfinished}.part`]) place.age(name, yesterday);
      const found = [];
      for await (const one of files.list(new Date(Date.now() - 60_000))) found.push(one);
      expect(found.toSorted((one, other) => Number(one.isDraft) - Number(other.isDraft))).toEqual([
        { uuid: old, isDraft: false },
        { uuid: unfinished, isDraft: true },
      ]);
    });
  });
});

describe('the type', () => {
  beforeEach(() => inFolder.open());

  it.each(Object.entries(samples))('of %s is found in its content', async (_name, { bytes, mediaType }) => {
    expect((await draft(bytes)).mediaType).toBe(mediaType);
  });
});
