import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AttachmentUuid } from '../../src/core/attachments/attachment.ts';
import type { Files } from '../../src/core/ports.ts';
import { openFiles } from '../../src/files/open-files.ts';
import { samples } from '../support/sample-files.ts';

let root: string;
let folder: string;
let files: Files;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parlance-files-'));
  folder = join(root, 'uploads');
  files = openFiles(folder);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const newUuid = () => randomUUID() as AttachmentUuid;
async function* inPieces(bytes: Buffer, size = 1_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const draft = (bytes: Buffer, uuid = newUuid(), limitBytes = 1_000_000) =>
  files.draft(uuid, { bytes: inPieces(bytes), limitBytes });

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
    expect(read && (await buffer(read))).toEqual(bytes);
    expect(readdirSync(folder)).toEqual([uuid]);
    expect(readFileSync(join(folder, uuid))).toEqual(bytes);
    expect(statSync(join(folder, uuid)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await files.remove(uuid);
    await files.remove(uuid);
    expect(readdirSync(folder)).toEqual([]);
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
    expect(readdirSync(folder)).toEqual([]);
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
    expect(readdirSync(folder)).toEqual([]);
  });

  it('cannot take the place of another', async () => {
    const uuid = newUuid();
    await draft(Buffer.from('one'), uuid);
    await expect(draft(Buffer.from('two'), uuid)).rejects.toMatchObject({ code: 'storage-unavailable' });
  });
});

describe('the list', () => {
  it('has files and drafts from before a time, and nothing else', async () => {
    const [old, unfinished, young] = [newUuid(), newUuid(), newUuid()];
    await (await draft(Buffer.from('old'), old)).keep();
    await draft(Buffer.from('unfinished'), unfinished);
    await (await draft(Buffer.from('young'), young)).keep();
    const yesterday = new Date(Date.now() - 86_400_000);
    for (const name of [old, `${unfinished}.part`]) utimesSync(join(folder, name), yesterday, yesterday);
    const found = [];
    for await (const one of files.list(new Date(Date.now() - 60_000))) found.push(one);
    expect(found.toSorted((one, other) => Number(one.isDraft) - Number(other.isDraft))).toEqual([
      { uuid: old, isDraft: false },
      { uuid: unfinished, isDraft: true },
    ]);
  });
});

describe('the type', () => {
  it.each(Object.entries(samples))('of %s is found in its content', async (_name, { bytes, mediaType }) => {
    expect((await draft(bytes)).mediaType).toBe(mediaType);
  });
});
