import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attachmentsAmong } from '../../src/core/attachments/attachment-url.ts';
import type { ChatId } from '../../src/core/chats/chat.ts';
import { defaultLimits } from '../../src/core/limits.ts';
import type { Message } from '../../src/core/messages/message.ts';
import type { Actor } from '../../src/core/ports.ts';
import { openFiles } from '../../src/files/open-files.ts';
import { refused } from '../support/logins.ts';
import { pngOf } from '../support/made-images.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';

const limits = {
  ...defaultLimits,
  imageUrlLength: 1_000,
  attachmentBytes: 2_000,
  attachmentBytesPerUser: 2_500,
  imagePixels: 100,
  waitingRepliesPerChat: 0,
};
let folder: string;
let temp: TempCore;
let actor: Actor;
let chat: ChatId;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parlance-pictures-'));
  temp = await openTempCore({ files: openFiles(folder), limits });
  actor = await temp.newActor();
  ({ id: chat } = await temp.core.chats.create(actor, {}));
});
afterEach(async () => {
  await temp.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** Of which no two are the same. */
const photo = (bytes = 1_200, mark = 'a') =>
  Buffer.concat([pngOf({ width: 5, height: 5 }), Buffer.alloc(bytes, mark)]).subarray(0, bytes);
const urlOf = (bytes: Buffer) => `data:image/png;base64,${bytes.toString('base64')}`;
const send = (imageUrl: string, more: { idempotencyKey?: string; text?: string } = {}) =>
  temp.core.messages.send(actor, { chat, text: 'look', imageUrl, ...more });
const kept = () => readdirSync(folder).length;
const fileOf = ({ imageUrl }: Message) => attachmentsAmong([imageUrl ?? ''])[0] ?? expect.fail('no file');

describe('an image whose data URL is too long for a message', () => {
  it('is kept as a file of the sender, which the message carries and the AI is shown', async () => {
    const bytes = photo();
    const { message } = await send(urlOf(bytes), { text: '' });
    const { attachment, bytes: stored } = await temp.core.attachments.read(actor, fileOf(message));
    expect(attachment).toMatchObject({ messageId: message.id, mediaType: 'image/png', width: 5, height: 5 });
    expect(await buffer(stored)).toEqual(bytes);
    const { prompt } = await temp.ai.next();
    expect(prompt.turns.at(-1)?.imageUrls).toEqual([urlOf(bytes)]);
  });

  it('goes with its message', async () => {
    const { message } = await send(urlOf(photo()));
    await temp.core.messages.delete(actor, message.id);
    expect(kept()).toBe(0);
  });

  it('counts once under a key, whatever its file is called', async () => {
    const first = await send(urlOf(photo()), { idempotencyKey: 'one' });
    const again = await send(urlOf(photo()), { idempotencyKey: 'one' });
    expect([again.duplicate, again.message]).toEqual([true, first.message]);
    await expect(send(urlOf(photo(1_200, 'b')), { idempotencyKey: 'one' })).rejects.toEqual(
      refused('idempotency-key-reused'),
    );
    expect(kept()).toBe(1);
  });

  it('counts once under a key that comes twice at the same time', async () => {
    const sends = await Promise.allSettled(
      [1, 2].map(() => send(urlOf(photo()), { idempotencyKey: 'both' })),
    );
    expect(sends.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(kept()).toBe(1);
  });

  it.each([
    ['larger than a file may be', urlOf(photo(2_001)), 'file-too-large'],
    [
      'of too many pixels',
      urlOf(Buffer.concat([pngOf({ width: 11, height: 10 }), photo()])),
      'image-too-large',
    ],
    ['no image', `data:text/plain;base64,${'aaaa'.repeat(300)}`, 'field-invalid'],
    ['somewhere else', `https://example.org/${'a'.repeat(1_000)}`, 'field-invalid'],
  ] as const)('is refused where it is %s, and not kept', async (_what, url, code) => {
    await expect(send(url)).rejects.toEqual(refused(code));
    expect(kept()).toBe(0);
  });

  it('has to fit into what a user may keep', async () => {
    await send(urlOf(photo(1_500)));
    ({ id: chat } = await temp.core.chats.create(actor, {}));
    await expect(send(urlOf(photo(1_500)))).rejects.toEqual(refused('quota-exceeded'));
    expect(kept()).toBe(1);
  });

  it('is not kept where its message is refused', async () => {
    await send('', { text: 'first' });
    await expect(send(urlOf(photo()))).rejects.toEqual(refused('too-many-waiting'));
    chat = 999_999 as ChatId;
    await expect(send(urlOf(photo()))).rejects.toEqual(refused('chat-not-found'));
    expect(kept()).toBe(0);
  });
});
