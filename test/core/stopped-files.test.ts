import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Files } from '../../src/core/ports.ts';
import { openFiles } from '../../src/files/open-files.ts';
import { createTextReader } from '../../src/files/text/create-text-reader.ts';
import { pngOf } from '../support/made-images.ts';
import { createTempCore } from '../support/temp-core.ts';
import { openTempStorage, type TempStorage } from '../support/temp-storage.ts';

const never = new Promise<never>(() => undefined);
const image = { name: 'a.png', bytes: pngOf({ width: 4, height: 3 }) };
const text = { name: 'a.txt', bytes: Buffer.from('some words') };

/** Files of a place that does not answer, or breaks off in the middle without a word. */
const silent: Files['read'] = () => never;
const halfSilent: Files['read'] = async () =>
  (async function* () {
    yield Buffer.from('x');
    await never;
  })();

let storage: TempStorage;
beforeEach(async () => {
  storage = await openTempStorage();
});
afterEach(() => storage.dispose());

/** A reply whose writer waits for a file. */
async function reading(file: typeof image, read: Files['read']) {
  let begun = () => {};
  const isRead = new Promise<void>((resolve) => (begun = resolve));
  const files: Files = {
    ...openFiles(join(storage.folder, 'files')),
    read: (...asked) => {
      begun();
      return read(...asked);
    },
  };
  const temp = createTempCore(storage.store, { files, texts: createTextReader() });
  const actor = await temp.newActor();
  const chat = await temp.core.chats.create(actor, {});
  const { uuid } = await temp.core.attachments.store(actor, {
    name: file.name,
    bytes: Readable.from([file.bytes]),
  });
  const { reply } = await temp.core.messages.send(actor, {
    chat: chat.id,
    text: 'look',
    attachments: [uuid],
  });
  await isRead;
  return { temp, actor, reply };
}

describe.each([
  ['an image', image, silent],
  ['the bytes of an image', image, halfSilent],
  ['a text', text, silent],
  ['the bytes of a text', text, halfSilent],
])('a reply that waits for %s', (_what, file, read) => {
  it('is stopped at once', async () => {
    const { temp, actor, reply } = await reading(file, read);
    expect(await temp.core.replies.stop(actor, reply.id)).toMatchObject({ state: 'stopped' });
    expect(temp.ai.asked).toBe(0);
    await temp.stop(0);
  });

  it('keeps no server from stopping', async () => {
    const { temp, actor, reply } = await reading(file, read);
    await temp.stop(0);
    expect(await temp.core.replies.find(actor, reply.id)).toMatchObject({
      state: 'interrupted',
      errorCode: 'reply-interrupted',
    });
  });
});
