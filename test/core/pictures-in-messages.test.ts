import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultLimits } from '../../src/core/limits.ts';
import type { Actor } from '../../src/core/ports.ts';
import { gifOf, jpegOf, pngOf, webpOf } from '../support/made-images.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';

let temp: TempCore;
let actor: Actor;
beforeAll(async () => {
  temp = await openTempCore({ limits: { ...defaultLimits, imagePixels: 10_000 } });
  actor = await temp.newActor();
});
afterAll(() => temp.dispose());

const dataUrl = (bytes: Buffer, type = 'image/png') => `data:${type};base64,${bytes.toString('base64')}`;

/** Every way in which an image can come in a URL. */
const ways: Record<string, (url: string) => Promise<unknown>> = {
  'the image of a message': async (imageUrl) => {
    const { id: chat } = await temp.core.chats.create(actor, {});
    return temp.core.messages.send(actor, { chat, text: 'look', imageUrl });
  },
  'the media of a message': async (url) => {
    const { id: chat } = await temp.core.chats.create(actor, {});
    return temp.core.messages.send(actor, { chat, text: 'look', mediaUrls: ['https://example.org/a', url] });
  },
  'a message that nobody answers': async (imageUrl) => {
    const { id: chat } = await temp.core.chats.create(actor, {});
    return temp.core.messages.add(actor, { chat, role: 'user', text: 'look', imageUrl });
  },
  'another version of a message': async (imageUrl) => {
    const { id: chat } = await temp.core.chats.create(actor, {});
    const { message } = await temp.core.messages.add(actor, { chat, role: 'user', text: 'look' });
    return temp.core.messages.branch(actor, message.id, { imageUrl });
  },
  'a question outside any chat': async (imageUrl) => {
    const asked = temp.core.replies.ask(actor, { text: 'look', imageUrl });
    // Where it is refused, nobody is asked.
    void temp.ai.next().then((answer) => answer.finish('I see.'));
    return asked;
  },
};

describe.each(Object.entries(ways))('%s', (_, send) => {
  it.each([
    ['PNG', pngOf({ width: 10_001, height: 1 })],
    ['animated PNG', pngOf({ width: 100, height: 50, frames: 3 })],
    ['JPEG', jpegOf({ width: 101, height: 100 })],
    ['GIF', gifOf({ width: 100, height: 51, frames: 2 })],
    ['WebP', webpOf('VP8L', { width: 101, height: 100 })],
  ])('has no more pixels than a file may have: %s', async (_kind, bytes) => {
    // What it is called says nothing.
    await expect(send(dataUrl(bytes, 'image/heic'))).rejects.toMatchObject({ code: 'image-too-large' });
  });

  it.each([
    ['no image', dataUrl(Buffer.from('<svg onload="alert(1)"/>'), 'image/svg+xml')],
    ['an image that is cut', dataUrl(pngOf({ width: 1, height: 1 }).subarray(0, 12))],
    ['no base64', 'data:image/png,%89PNG'],
    ['nothing', 'data:image/png;base64,'],
    ['nothing at all', 'DATA:image/png'],
  ])('is an image: %s is refused', async (_what, url) => {
    await expect(send(url)).rejects.toMatchObject({ code: 'field-invalid' });
  });

  it('is taken where it is as large as it may be', async () => {
    await expect(send(dataUrl(pngOf({ width: 100, height: 100 })))).resolves.toBeDefined();
  });
});

it('data that is no image is none of a message, though it may stand among its media', async () => {
  const { id: chat } = await temp.core.chats.create(actor, {});
  const url = 'data:text/plain,hello';
  await temp.core.messages.add(actor, { chat, role: 'user', text: 'look', mediaUrls: [url] });
  const imageUrl = temp.core.messages.add(actor, { chat, role: 'user', text: 'look', imageUrl: url });
  await expect(imageUrl).rejects.toMatchObject({ code: 'field-invalid' });
});
