import { Readable } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { defaultLimits } from '../../src/core/limits.ts';
import type { Actor } from '../../src/core/ports.ts';
import { utcDay } from '../../src/core/usage/utc-day.ts';
import { createTextReader } from '../../src/files/text/create-text-reader.ts';
import { lineOf, pdfOf } from '../support/made-pdf.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';

const noon = new Date('2026-03-01T12:00:00.000Z');
const historyTokens = 4_000;
const maxOutputTokens = 300;

let temp: TempCore;
let actor: Actor;
afterEach(() => temp.dispose());
const open = async (tokensPerDay: number) => {
  temp = await openTempCore({
    clock: () => noon,
    limits: { ...defaultLimits, tokensPerDay },
    prompt: { system: '', historyTurns: 20, historyTokens, maxOutputTokens },
    texts: createTextReader(),
    leaseMs: 60_000,
  });
  actor = await temp.newActor();
};

const store = async (name: string, bytes: Buffer) =>
  (await temp.core.attachments.store(actor, { name, bytes: Readable.from([bytes]) })).uuid;
const send = async (file: Awaited<ReturnType<typeof store>>) => {
  const { uuid: chat } = await temp.core.chats.create(actor, {});
  return temp.core.messages.send(actor, { chat, text: 'Read it.', attachments: [file] });
};
const taken = async () => (await temp.store.usage.taken(actor.userId, utcDay(noon))).tokens;
/** Of far more words than go along. What would stand beside its pages does not count. */
const longPdf = () => {
  const lines = Array.from({ length: 12 }, (_, line) =>
    lineOf('so many words on this one page').replace('10 100 Td', `10 ${10 + line * 15} Td`),
  );
  return pdfOf(Array<string>(80).fill(lines.join(' ')));
};

it('the words of a PDF are reserved, as many as can go along', async () => {
  await open(100_000);
  const { reply } = await send(await store('long.pdf', longPdf()));
  const reserved = await taken();
  expect(reserved).toBeGreaterThan(historyTokens + maxOutputTokens);
  const answer = await temp.ai.next();
  expect(answer.prompt.maxOutputTokens).toBe(maxOutputTokens);
  answer.finish('Read.');
  await temp.core.replies.finished(actor, reply.uuid);
  // By the same estimate, with all the words that went along.
  expect(await taken()).toBeGreaterThan(historyTokens * 0.9);
  expect(await taken()).toBeLessThanOrEqual(reserved - maxOutputTokens);
});

it('of a text no more is reserved than it can hold', async () => {
  await open(100_000);
  const file = await store('short.txt', Buffer.from('w'.repeat(400)));
  await send(file);
  expect(await taken()).toBeLessThan(1_000 + 400 + maxOutputTokens + 50);
  (await temp.ai.next()).breakOff();
});

it('questions at the same time cannot go beyond the day by what their files hold', async () => {
  await open(historyTokens + 2_000);
  const files = await Promise.all([1, 2, 3].map((name) => store(`${name}.pdf`, longPdf())));
  const sent = await Promise.allSettled(files.map(send));
  const refused = sent.filter(({ status }) => status === 'rejected');
  const reached = { reason: { code: 'daily-limit-reached' } };
  expect(refused).toMatchObject([reached, reached]);
  expect(await taken()).toBeLessThanOrEqual(historyTokens + 2_000);
  (await temp.ai.next()).breakOff();
});

it('where the words leave no room for an answer nobody is asked, and everything goes back', async () => {
  await open(2_000);
  const { reply } = await send(await store('long.pdf', longPdf()));
  await expect(temp.core.replies.finished(actor, reply.uuid)).rejects.toMatchObject({
    code: 'daily-limit-reached',
  });
  expect(temp.ai.asked).toBe(0);
  expect(await taken()).toBe(0);
});
