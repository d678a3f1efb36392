import { expect, it } from 'vitest';
import { DomainError } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Actor } from '../../core/ports.ts';
import { showPictures } from './show-pictures.ts';

const mebibyte = 1024 * 1024;
const uuidOf = (id: number) => `0195500a-0000-7000-8000-${String(id).padStart(12, '0')}`;
const urlOf = (id: number) => `/uploads/${uuidOf(id)}`;
const messageOf = (imageUrl: string | null) => ({ imageUrl }) as Message;
const actor = {} as Actor;

/** Files of so many bytes, by the number in their name, which are read as one byte each. */
const holding = (files: Record<number, { sizeBytes?: number; mediaType?: string; isAway?: true }>) => {
  const find = async (_actor: Actor, uuid: string) => {
    const file = files[Number(uuid.slice(-12))];
    if (!file) throw new DomainError('attachment-not-found');
    return { sizeBytes: 1, mediaType: 'image/jpeg', ...file };
  };
  const read = async (_actor: Actor, uuid: string) => {
    const attachment = await find(actor, uuid);
    async function* bytes() {
      if (attachment.isAway) throw new Error('The disk is gone');
      yield Buffer.from([Number(uuid.slice(-12))]);
    }
    return { attachment, bytes: bytes() };
  };
  return { attachments: { find, read } } as unknown as Parameters<typeof showPictures>[0];
};
const shown = async (core: ReturnType<typeof holding>, urls: (string | null)[]) =>
  (await showPictures(core, actor, urls.map(messageOf))).map(({ imageUrl }) => imageUrl);

it('an upload is shown as what is in it, anything else as it is', async () => {
  const core = holding({ 1: {}, 2: { mediaType: 'application/pdf' }, 3: { isAway: true } });
  const others = [
    null,
    'https://example.org/a.png',
    'data:image/png;base64,AAAA',
    urlOf(2),
    urlOf(3),
    urlOf(4),
  ];
  expect(await shown(core, [urlOf(1), ...others])).toEqual(['data:image/jpeg;base64,AQ==', ...others]);
});

it('of more than 16 MiB together, the newest are shown', async () => {
  const core = holding({
    1: { sizeBytes: 1 },
    2: { sizeBytes: 6 * mebibyte },
    3: { sizeBytes: 6 * mebibyte },
    4: { sizeBytes: 10 * mebibyte },
  });
  expect(await shown(core, [1, 2, 3, 4].map(urlOf))).toEqual([
    urlOf(1),
    urlOf(2),
    'data:image/jpeg;base64,Aw==',
    'data:image/jpeg;base64,BA==',
  ]);
});

it('answers of one user are filled in turn, and those of others meanwhile', async () => {
  const core = holding({ 1: {}, 2: {}, 3: {} });
  const order: string[] = [];
  const release: (() => void)[] = [];
  const { read } = core.attachments;
  core.attachments.read = async (asking, uuid) => {
    order.push(`${asking.userId} ${Number(uuid.slice(-12))}`);
    if (Number(uuid.slice(-12)) === 1) await new Promise<void>((resolve) => release.push(resolve));
    return read(asking, uuid);
  };
  const ask = (userId: number, id: number) => showPictures(core, { userId } as Actor, [messageOf(urlOf(id))]);
  const first = ask(1, 1);
  const second = ask(1, 2);
  await ask(2, 3);
  expect(order).toEqual(['1 1', '2 3']);
  for (const go of release) go();
  await Promise.all([first, second]);
  expect(order).toEqual(['1 1', '2 3', '1 2']);
});
