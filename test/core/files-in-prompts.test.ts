import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromptSettings } from '../../src/core/dependencies.ts';
import { defaultLimits } from '../../src/core/limits.ts';
import type { Actor, RemoteImages } from '../../src/core/ports.ts';
import type { PromptTurn, Provider } from '../../src/core/provider.ts';
import { createRemoteImages } from '../../src/egress/create-remote-images.ts';
import { openFiles } from '../../src/files/open-files.ts';
import { createTextReader } from '../../src/files/text/create-text-reader.ts';
import { gifOf, heifOf, pngOf } from '../support/made-images.ts';
import { lineOf, pdfOf } from '../support/made-pdf.ts';
import { createPlayedAi, type PlayedAi } from '../support/played-ai.ts';
import { samples } from '../support/sample-files.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';

const mebibyte = 1024 * 1024;
const png = pngOf({ width: 4, height: 3 });
const folder = mkdtempSync(join(tmpdir(), 'parlance-prompts-'));
let site: Server;
let siteUrl: string;
let remoteImages: RemoteImages;
beforeAll(async () => {
  site = createServer((_request, response) => response.end(png));
  await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
  const { port } = site.address() as AddressInfo;
  siteUrl = `http://127.0.0.1:${port}/a.png`;
  remoteImages = createRemoteImages({
    limitBytes: 10_000,
    ports: [port],
    isAllowed: (one) => one === '127.0.0.1',
  });
});
afterAll(async () => {
  await remoteImages.close();
  site.closeAllConnections();
  site.close();
  rmSync(folder, { recursive: true, force: true });
});

type Opened = { core: TempCore; ai: PlayedAi; actor: Actor };
async function open(traits: Partial<Provider> = {}, settings: Partial<PromptSettings> = {}): Promise<Opened> {
  const ai = createPlayedAi();
  const provider = Object.assign(ai, traits);
  const texts = createTextReader();
  const prompt = { system: '', historyTurns: 20, historyTokens: 4_000, ...settings };
  const limits = { ...defaultLimits, attachmentBytes: 30 * mebibyte };
  const files = openFiles(folder);
  const core = await openTempCore({ provider, prompt, limits, files, texts, remoteImages });
  return { core, ai, actor: await core.newActor() };
}

const store = async ({ core, actor }: Opened, name: string, bytes: Buffer) =>
  (await core.core.attachments.store(actor, { name, bytes: Readable.from([bytes]) })).uuid;

/** The turns that the AI is given for a message. */
async function turnsOf(opened: Opened, message: object): Promise<readonly PromptTurn[]> {
  const { core, ai, actor } = opened;
  const { uuid } = await core.core.chats.create(actor, {});
  const { reply } = await core.core.messages.send(actor, { chat: uuid, text: '', ...message });
  const answer = await ai.next();
  answer.finish('noted');
  await core.core.replies.finished(actor, reply.uuid);
  return answer.prompt.turns;
}

const dataUrl = (type: string, bytes: Buffer) => `data:${type};base64,${bytes.toString('base64')}`;

describe('a model that sees', () => {
  it('is given the bytes of images, the words of texts and PDFs, and the names of the rest', async () => {
    const opened = await open();
    const gif = gifOf({ width: 2, height: 2 });
    const attachments = [
      await store(opened, 'photo.png', png),
      await store(opened, 'notes.txt', Buffer.from('Buy bread.')),
      await store(opened, 'move.gif', gif),
      await store(opened, 'paper.pdf', pdfOf([lineOf('All of algebra')])),
      await store(opened, 'phone.heic', heifOf('heic', { width: 4, height: 3 })),
      await store(opened, 'song.wav', samples['wav']?.bytes ?? Buffer.alloc(0)),
      await store(opened, 'odd "name".pdf', Buffer.from('%PDF-1.4\nnothing')),
    ];
    const [turn] = await turnsOf(opened, { text: 'What is all this?', attachments });
    expect(turn).toEqual({
      role: 'user',
      text: [
        'What is all this?',
        '[Begin of the file "notes.txt", attached by the user]\nBuy bread.\n[End of the file "notes.txt"]',
        '[Begin of the file "paper.pdf", attached by the user]\nAll of algebra\n[End of the file "paper.pdf"]',
        '[The user attached "phone.heic", an image of a kind that you cannot see.]',
        '[The user attached "song.wav", a recording that you cannot hear.]',
        String.raw`[The user attached "odd \"name\".pdf", a file that is damaged and cannot be read.]`,
      ].join('\n\n'),
      imageUrls: [dataUrl('image/png', png), dataUrl('image/gif', gif)],
    });
    await opened.core.dispose();
  });

  it('is given nothing of another user, and nothing that is gone', async () => {
    const opened = await open();
    const theirs = await store(
      { ...opened, actor: await opened.core.newActor() },
      'secret.txt',
      Buffer.from('secret'),
    );
    const gone = '0190a000-0000-7000-8000-000000000000';
    const mediaUrls = [theirs, gone].map((uuid) => `/uploads/${uuid}`);
    const [turn] = await turnsOf(opened, { text: 'Read it.', mediaUrls });
    expect(turn).toEqual({
      role: 'user',
      text: `Read it.${'\n\n[The user attached a file that is no longer there.]'.repeat(2)}`,
    });
    await opened.core.dispose();
  });

  it('is given so many words, the newest first', async () => {
    const opened = await open();
    // Four thousand tokens, and four small letters in each.
    const [older, newer] = [
      await store(opened, 'older.txt', Buffer.from('o'.repeat(5_000))),
      await store(opened, 'newer.txt', Buffer.from('n'.repeat(15_800))),
    ];
    const { core, ai, actor } = opened;
    const { uuid } = await core.core.chats.create(actor, {});
    for (const attachments of [[older], [newer]]) {
      const { reply } = await core.core.messages.send(actor, { chat: uuid, text: 'Here.', attachments });
      const answer = await ai.next();
      answer.finish('noted');
      await core.core.replies.finished(actor, reply.uuid);
      if (attachments[0] === older) continue;
      const [first, , last] = answer.prompt.turns.map(({ text }) => text);
      expect(last).toContain('n'.repeat(15_800));
      expect(first).toMatch(
        /^Here\.\n\n\[Begin of the file "older\.txt", attached by the user\]\no{1,200}\n\[End of the file "older\.txt", of which the rest is left out\]$/,
      );
    }
    await core.dispose();
  });

  it('is given ten images at most, and none that is too large for any vendor', async () => {
    const opened = await open();
    const large = await store(opened, 'large.png', Buffer.concat([png, Buffer.alloc(20 * mebibyte)]));
    const many: Awaited<typeof large>[] = [];
    for (let count = 0; count < 12; count += 1) many.push(await store(opened, `${count}.png`, png));
    const [turn] = await turnsOf(opened, { attachments: [large, ...many] });
    expect(turn?.imageUrls).toEqual(Array.from({ length: 10 }, () => dataUrl('image/png', png)));
    expect(turn?.text).toBe(
      ['large', '10', '11']
        .map((name) => `[The user attached "${name}.png", an image that is not shown to you.]`)
        .join('\n\n'),
    );
    await opened.core.dispose();
  });

  it('is given no more words than it holds beside its answer', async () => {
    const opened = await open({}, { contextTokens: 2_000, maxOutputTokens: 300 });
    // Four letters in a token, and more tokens than are left.
    const file = await store(opened, 'long.txt', Buffer.from('w'.repeat(8_000)));
    const [turn] = await turnsOf(opened, { text: 'Read it.', attachments: [file] });
    const words = /w{9,}/.exec(turn?.text ?? '')?.[0].length ?? 0;
    expect(words).toBeGreaterThan(0);
    expect(words).toBeLessThan(4 * (2_000 - 300));
    await opened.core.dispose();
  });

  it('is given addresses as they are, and bytes where it wants them', async () => {
    const image = dataUrl('image/png', png);
    const plain = await open();
    expect((await turnsOf(plain, { imageUrl: siteUrl }))[0]?.imageUrls).toEqual([siteUrl]);
    await plain.core.dispose();

    const choosy = await open({ needsImageBytes: true });
    expect((await turnsOf(choosy, { imageUrl: siteUrl }))[0]?.imageUrls).toEqual([image]);
    expect((await turnsOf(choosy, { imageUrl: image }))[0]?.imageUrls).toEqual([image]);
    expect(await turnsOf(choosy, { imageUrl: siteUrl.replace('127.0.0.1', '127.0.0.2') })).toEqual([
      { role: 'user', text: '[The user attached the address of an image that cannot be fetched.]' },
    ]);
    await choosy.core.dispose();
  });
});

describe('media that are elsewhere', () => {
  const mediaUrls = [
    'https://example.org/a.PNG?size=2',
    'https://example.org/song.mp3',
    `https://example.org/${'x'.repeat(300)}`,
    'ftp://example.org/b.png',
    'data:text/plain,secret',
  ];
  const named = [
    '[The user attached the address "https://example.org/song.mp3", which you cannot open.]',
    `[The user attached the address "https://example.org/${'x'.repeat(180)}", which you cannot open.]`,
    '[The user attached the address "ftp://example.org/b.png", which you cannot open.]',
    '[The user attached data that you cannot read.]',
  ].join('\n\n');

  it('are shown where their names say that they are images, and else named', async () => {
    const opened = await open();
    expect(await turnsOf(opened, { text: 'Well?', mediaUrls })).toEqual([
      { role: 'user', text: `Well?\n\n${named}`, imageUrls: [mediaUrls[0]] },
    ]);
    await opened.core.dispose();
  });

  it('are fetched by the one guarded way, where the model takes bytes only', async () => {
    const opened = await open({ needsImageBytes: true });
    const [turn] = await turnsOf(opened, { mediaUrls: [siteUrl, siteUrl.replace('127.0.0.1', '127.0.0.2')] });
    expect(turn).toEqual({
      role: 'user',
      text: '[The user attached the address of an image that cannot be fetched.]',
      imageUrls: [dataUrl('image/png', png)],
    });
    await opened.core.dispose();
  });

  it('are named to a model that does not see', async () => {
    const opened = await open({ seesImages: false });
    const [turn] = await turnsOf(opened, { text: 'Well?', mediaUrls });
    expect(turn?.text).toBe(`Well?\n\n${named}\n\n[The user attached an image that you cannot see.]`);
    await opened.core.dispose();
  });

  it('are ten images at most', async () => {
    const opened = await open();
    const many = Array.from({ length: 12 }, (_, index) => `https://example.org/${index}.png`);
    const [turn] = await turnsOf(opened, { mediaUrls: many });
    expect(turn?.imageUrls).toEqual(many.slice(0, 10));
    expect(turn?.text).toBe(
      Array(2).fill('[The user attached an image that is not shown to you.]').join('\n\n'),
    );
    await opened.core.dispose();
  });
});

describe('a question outside any chat', () => {
  it('has its image as one in a chat has', async () => {
    const opened = await open({ needsImageBytes: true });
    const { core, ai, actor } = opened;
    const file = await store(opened, 'photo.png', png);
    for (const imageUrl of [siteUrl, `/uploads/${file}`]) {
      const asked = core.core.replies.ask(actor, { text: 'Who is that?', imageUrl });
      const answer = await ai.next();
      expect(answer.prompt.turns[0]?.imageUrls).toEqual([dataUrl('image/png', png)]);
      answer.finish('Somebody.');
      await asked;
    }
    await core.dispose();
  });
});

describe('a model that does not see', () => {
  it('is told what it is not shown', async () => {
    const opened = await open({ seesImages: false });
    const photo = await store(opened, 'photo.png', png);
    const [turn] = await turnsOf(opened, { text: 'Who is that?', attachments: [photo] });
    expect(turn?.text).toBe('Who is that?\n\n[The user attached "photo.png", an image that you cannot see.]');
    expect(JSON.stringify(turn)).not.toContain('base64');
    const [other] = await turnsOf(opened, { text: 'And that?', imageUrl: 'https://example.org/a.png' });
    expect(other?.text).toBe('And that?\n\n[The user attached an image that you cannot see.]');
    await opened.core.dispose();
  });
});

describe('a file that cannot be had', () => {
  it('fails the reply honestly, and the next one has it again', async () => {
    const opened = await open();
    const { core, ai, actor } = opened;
    const photo = await store(opened, 'photo.png', png);
    const { uuid } = await core.core.chats.create(actor, {});
    rmSync(folder, { recursive: true });
    // What is no folder has no files in it, and says so by another code than one that lacks a file.
    writeFileSync(folder, 'no folder');
    const { reply } = await core.core.messages.send(actor, {
      chat: uuid,
      text: 'Look.',
      attachments: [photo],
    });
    await expect(core.core.replies.finished(actor, reply.uuid)).rejects.toMatchObject({
      code: 'files-unavailable',
    });
    expect(ai.asked).toBe(0);
    await core.dispose();
  });
});
