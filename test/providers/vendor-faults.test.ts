import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DomainError } from '../../src/core/errors.ts';
import type { ErrorCode } from '../../src/core/errors.ts';
import type { ProviderSettings } from '../../src/providers/define-provider.ts';
import { createProvider } from '../../src/providers/index.ts';
import { answerText, createFakeAi, unreachableUrl } from '../support/fake-ai/fake-ai.mjs';
import type { FakeAi } from '../support/fake-ai/fake-ai.mjs';
import { ask, collect } from './collect.ts';
import { type HttpProvider, vendorNames } from './open-vendor.ts';
import { playedSurroundings, settingsFor, vendorsAt } from './settings.ts';

let fake: FakeAi;
beforeAll(async () => {
  fake = await createFakeAi();
});
afterAll(() => fake.close());

type Changes = Partial<ProviderSettings> & { at?: string; key?: string };

const meet = async (name: HttpProvider, prompt: string, { at, key = '', ...changes }: Changes = {}) => {
  const surroundings = playedSurroundings();
  const urls = at === undefined ? fake.urls : { openai: at, anthropic: at, google: at, mistral: at };
  const settings = settingsFor({
    provider: name,
    model: 'm',
    baseUrl: urls.openai,
    apiKey: key,
    vendors: vendorsAt(urls, key),
    retries: 2,
    ...changes,
  });
  const provider = createProvider(settings, surroundings);
  const before = fake.requests.length;
  const collected = await collect(provider, ask(prompt));
  await provider.close();
  const error = collected.thrown instanceof DomainError ? collected.thrown : undefined;
  return { ...collected, error, pauses: surroundings.pauses, asked: fake.requests.length - before };
};

type Fault = {
  prompt: string;
  code: ErrorCode;
  asked?: number;
  tokens?: number;
  settings?: Partial<ProviderSettings>;
  /** Who can meet it; everybody unless said. */
  by?: readonly HttpProvider[];
};

const short = { firstTokenTimeoutMs: 200, idleTimeoutMs: 60 };
const faults: readonly Fault[] = [
  { prompt: 'fake:status=400', code: 'ai-refused' },
  { prompt: 'fake:status=401', code: 'ai-refused' },
  { prompt: 'fake:status=403', code: 'ai-refused' },
  { prompt: 'fake:status=404', code: 'ai-refused' },
  { prompt: 'fake:status=422', code: 'ai-refused' },
  { prompt: 'fake:fault=redirect', code: 'ai-refused' },
  { prompt: 'fake:fault=out-of-credit', code: 'ai-rate-limited', by: ['openai'] },
  { prompt: 'fake:status=429', code: 'ai-rate-limited', asked: 3 },
  { prompt: 'fake:status=500', code: 'ai-unreachable', asked: 3 },
  { prompt: 'fake:status=502', code: 'ai-unreachable', asked: 3 },
  { prompt: 'fake:status=503', code: 'ai-unreachable', asked: 3 },
  { prompt: 'fake:status=504', code: 'ai-unreachable', asked: 3 },
  { prompt: 'fake:status=501', code: 'ai-unreachable' },
  { prompt: 'fake:fault=close-before-headers', code: 'ai-unreachable', asked: 3 },
  { prompt: 'fake:fault=hang-before-headers', code: 'ai-timed-out', settings: short },
  { prompt: 'fake:fault=hang-before-token', code: 'ai-timed-out', settings: short },
  { prompt: 'fake:fault=comments-forever,at=0', code: 'ai-timed-out', settings: short },
  {
    prompt: 'fake:fault=hang-between-tokens',
    code: 'ai-timed-out',
    tokens: 3,
    settings: { idleTimeoutMs: 150 },
  },
  { prompt: 'fake:fault=cut-before-token', code: 'ai-broke-off' },
  { prompt: 'fake:fault=cut', code: 'ai-broke-off', tokens: 3 },
  { prompt: 'fake:fault=cut,at=0', code: 'ai-broke-off' },
  { prompt: 'fake:fault=end', code: 'ai-broke-off', tokens: 3 },
  { prompt: 'fake:fault=end,at=0', code: 'ai-broke-off' },
  { prompt: 'fake:fault=garbage-bytes', code: 'ai-answer-unreadable', tokens: 3 },
  { prompt: 'fake:fault=garbage-json', code: 'ai-answer-unreadable', tokens: 3 },
  { prompt: 'fake:fault=garbage-text', code: 'ai-answer-unreadable' },
  { prompt: 'fake:fault=not-http', code: 'ai-answer-unreadable' },
  { prompt: 'fake:fault=html', code: 'ai-answer-unreadable' },
  { prompt: 'fake:fault=error-event', code: 'ai-broke-off', tokens: 3 },
  { prompt: 'fake:fault=error-event,at=0', code: 'ai-refused' },
  { prompt: 'fake:fault=error-field', code: 'ai-broke-off', tokens: 3, by: ['openai'] },
  { prompt: 'fake:fault=error-field,at=0', code: 'ai-refused', by: ['openai'] },
  { prompt: 'fake:fault=long-line', code: 'ai-answer-unreadable', tokens: 3 },
];

describe.each(vendorNames)(
  'what goes wrong at %s ends in one honest error, and never in a finish',
  (name) => {
    it.each(faults.filter(({ by }) => by?.includes(name) ?? true))(
      '$prompt is $code',
      async ({ prompt, code, asked = 1, tokens = 0, settings }) => {
        const met = await meet(name, prompt, settings);
        expect({ code: met.error?.code, asked: met.asked, text: met.text }).toEqual({
          code,
          asked,
          text: answerText(tokens),
        });
        expect(met.events.every((event) => event.type === 'text-delta')).toBe(true);
      },
    );

    it('a server that is not there is ai-unreachable, after every attempt', async () => {
      const { error, pauses } = await meet(name, 'hi', { at: await unreachableUrl() });
      expect(error?.code).toBe('ai-unreachable');
      expect(pauses).toEqual([250, 500]);
    });

    it('an answer without end is cut at its bound', async () => {
      const { error, text } = await meet(name, 'fake:fault=long-answer');
      expect(error?.code).toBe('ai-answer-unreadable');
      expect(text.length).toBeLessThanOrEqual(4_194_304);
    });

    it('keep-alive bytes end no silence for ever: a token must come', async () => {
      const startedAt = performance.now();
      const { error } = await meet(name, 'fake:fault=comments-forever', {
        firstTokenTimeoutMs: 300,
        idleTimeoutMs: 120,
      });
      expect(error?.code).toBe('ai-timed-out');
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(295);
    });

    it('a key that is no header is refused before anything is sent', async () => {
      const { error, asked } = await meet(name, 'hi', { key: 'secret\nkey' });
      expect({ code: error?.code, asked }).toEqual({ code: 'ai-refused', asked: 0 });
      expect(inspect(error, { depth: 9 })).not.toContain('secret');
    });
  },
);

describe.each(vendorNames)('another attempt at %s is made only before the first token', (name) => {
  it.each([429, 500, 502, 503, 504])('%i once, then an answer', async (status) => {
    const { error, asked, text, events } = await meet(
      name,
      `fake:status=${status},times=1,count=4 ${Math.random()}`,
    );
    expect({ error, asked, text }).toEqual({ error: undefined, asked: 2, text: answerText(4) });
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });

  it('waits longer each time, as chance will have it', async () => {
    expect((await meet(name, 'fake:status=503')).pauses).toEqual([250, 500]);
  });

  it('waits as long as the vendor asks', async () => {
    expect((await meet(name, 'fake:status=429,retryAfter=2')).pauses).toEqual([2000, 2000]);
  });

  it('does not wait longer than is worth it, and passes the wait on', async () => {
    const { error, asked, pauses } = await meet(name, 'fake:status=429,retryAfter=60', {
      firstTokenTimeoutMs: 120_000,
    });
    expect({ code: error?.code, seconds: error?.retryAfterSeconds }).toEqual({
      code: 'ai-rate-limited',
      seconds: 60,
    });
    expect({ asked, pauses }).toEqual({ asked: 1, pauses: [] });
  });

  it('does not wait beyond the time for the first token', async () => {
    const { error, asked } = await meet(name, 'fake:status=503,retryAfter=2', { firstTokenTimeoutMs: 1000 });
    expect({ code: error?.code, asked }).toEqual({ code: 'ai-unreachable', asked: 1 });
  });

  it('makes none when told so', async () => {
    expect((await meet(name, 'fake:status=503', { retries: 0 })).asked).toBe(1);
  });
});

describe.each(vendorNames)('the log learns what %s said, and nothing secret', (name) => {
  it('carries status and sentence as the cause', async () => {
    const { error } = await meet(name, 'fake:status=404');
    expect(error?.cause).toMatchObject({ status: 404, message: 'The fake AI answers 404' });
  });

  it('cuts the key out, even when the vendor repeats it', async () => {
    const { error } = await meet(name, 'fake:fault=echoes-key', { key: 'sk-very-secret-key' });
    expect(inspect(error, { depth: 9 })).not.toContain('sk-very-secret-key');
    expect(inspect(error, { depth: 9 })).toContain('Incorrect API key provided: Bearer [key]');
  });
});
