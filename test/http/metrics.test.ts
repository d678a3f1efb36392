import { afterAll, beforeAll, expect, it } from 'vitest';
import { DomainError } from '../../src/core/errors.ts';
import type { Actor } from '../../src/core/ports.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { createFanout } from '../../src/realtime/fan-out.ts';
import { openTempCore, silentLog, type TempCore } from '../support/temp-core.ts';

const metrics = createMetrics();
let now = Date.parse('2026-03-01T12:00:00.000Z');
const later = (ms: number) => (now += ms);
let temp: TempCore;
let actor: Actor;
beforeAll(async () => {
  const fanout = metrics.measureReplies(createFanout({ log: silentLog }));
  temp = await openTempCore({ fanout, clock: () => new Date(now), leaseMs: 60_000 });
  actor = await temp.newActor();
});
afterAll(() => temp.dispose());

const send = async () => {
  const chat = await temp.core.chats.create(actor, {});
  const { reply } = await temp.core.messages.send(actor, { chat: chat.id, text: 'well?' });
  return { chat, reply, answer: await temp.ai.next() };
};
const ended = (reply: { id: number }) =>
  temp.core.replies.finished(actor, reply.id as never).catch((error: unknown) => error);
const lines = async () =>
  (await metrics.text()).body.split('\n').filter((line) => line.startsWith('parlance_'));

it('an answer counts by its AI: time to its first word, speed, tokens', async () => {
  const { reply, answer } = await send();
  later(200);
  answer.say('one');
  await temp.core.replies.follow(actor, reply.id, { after: 0 })[Symbol.asyncIterator]().next();
  expect(await lines()).toContain('parlance_replies_open 1');
  later(500);
  answer.usage(30, 40);
  answer.finish(' two');
  await ended(reply);
  const shown = await lines();
  expect(shown).toEqual(
    expect.arrayContaining([
      'parlance_replies_open 0',
      'parlance_replies_total{state="complete",error="none",provider="played"} 1',
      'parlance_first_text_seconds_count 1',
      'parlance_ai_first_token_seconds_sum{provider="played"} 0.2',
      'parlance_ai_tokens_per_second_sum{provider="played"} 80',
      'parlance_ai_tokens_total{provider="played",direction="prompt"} 30',
      'parlance_ai_tokens_total{provider="played",direction="completion"} 40',
    ]),
  );
});

it('a failure counts by its code and its AI, and has no speed', async () => {
  const { reply, answer } = await send();
  answer.breakOff(new DomainError('ai-timed-out'));
  await ended(reply);
  const shown = await lines();
  expect(shown).toContain('parlance_replies_total{state="failed",error="ai-timed-out",provider="played"} 1');
  expect(shown).toContain('parlance_ai_tokens_per_second_count{provider="played"} 1');
  expect(shown).toContain('parlance_ai_first_token_seconds_count{provider="played"} 1');
});

it('what is written in a chat that is deleted is open no more', async () => {
  const { chat, answer } = await send();
  expect(await lines()).toContain('parlance_replies_open 1');
  await temp.core.chats.delete(actor, chat.id);
  await answer.stopped;
  expect(await lines()).toContain('parlance_replies_open 0');
});

it('each AI shows what it has to do when somebody looks', async () => {
  const one = createMetrics();
  one.measureProviders(() => [{ provider: 'openai', asking: 3, waiting: 2, isLeftAlone: true }]);
  const { body } = await one.text();
  expect(body).toContain('parlance_ai_questions{provider="openai",state="answering"} 3');
  expect(body).toContain('parlance_ai_questions{provider="openai",state="waiting"} 2');
  expect(body).toContain('parlance_ai_breaker_open{provider="openai"} 1');
});
