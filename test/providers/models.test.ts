import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Models } from '../../src/core/models.ts';
import { createModels, type ModelSettings } from '../../src/providers/create-models.ts';
import type { ProviderSettings } from '../../src/providers/define-provider.ts';
import { createFakeAi, type FakeAi, unreachableUrl } from '../support/fake-ai/fake-ai.mjs';
import { createRecordingLog } from '../support/recording-log.ts';
import { ask, collect } from './collect.ts';
import { playedSurroundings, settingsFor } from './settings.ts';

let fake: FakeAi;
const opened: Models[] = [];
beforeEach(async () => {
  fake = await createFakeAi({ script: { count: 2 } });
});
afterEach(async () => {
  for (const models of opened.splice(0)) await models.close();
  await fake.close();
});

const at = (baseUrl: string, model: string, changes: Partial<ProviderSettings> = {}) =>
  settingsFor({ provider: 'openai', model, baseUrl, retries: 0, ...changes });
const basic = settingsFor({ provider: 'basic', model: '' });

function open(changes: Partial<ModelSettings>) {
  const log = createRecordingLog();
  const models = createModels(
    {
      standard: at(fake.url, 'm'),
      others: [],
      fallbacks: [],
      ollama: undefined,
      breaker: { failures: 0, pauseMs: 60_000 },
      queue: { concurrency: undefined, waiting: 10 },
      ...changes,
    },
    { log, surroundings: playedSurroundings() },
  );
  opened.push(models);
  return { models, provider: models.standard.provider, log };
}

describe('the models on offer', () => {
  it('are the standard and the others, each once, by provider and model', async () => {
    const { models } = open({ others: [at(fake.url, 'n:1'), basic, at(fake.url, 'm')] });
    expect((await models.list()).map(({ name }) => name)).toEqual(['openai:m', 'openai:n:1', 'basic']);
    expect(models.find('openai:n:1')?.provider.model).toBe('n:1');
    expect(models.find('openai:o')).toBeUndefined();
  });
});

describe('an Ollama that runs', () => {
  const at = (ollamaUrl: string) => settingsFor({ provider: 'ollama', ollamaUrl });

  it('is found, and answers where nobody chose', async () => {
    const { models } = open({
      standard: basic,
      ollama: { settings: at(fake.urls.ollama), isStandard: true },
    });
    expect(models.standard.name).toBe('basic');
    await models.look();
    expect(models.standard.name).toMatch(/^ollama:/);
    const names = (await models.list()).map(({ name }) => name);
    expect(names[0]).toBe(models.standard.name);
    expect(names).toContain('basic');
    expect((await collect(models.standard.provider, ask('hello'))).text).not.toBe('');
  });

  it('is only offered where the operator has named who answers', async () => {
    const { models } = open({
      standard: basic,
      ollama: { settings: at(fake.urls.ollama), isStandard: false },
    });
    await models.look();
    expect(models.standard.name).toBe('basic');
    const [, found] = await models.list();
    expect(found?.name).toMatch(/^ollama:/);
    expect(models.find(found?.name ?? '')).toBe(found);
  });

  it('is not missed where there is none', async () => {
    const ollama = { settings: at(await unreachableUrl()), isStandard: true };
    const { models } = open({ standard: basic, ollama });
    await models.look();
    expect((await models.list()).map(({ name }) => name)).toEqual(['basic']);
  });
});

describe('a fallback', () => {
  it('answers where the AI fails before its first word, and says so', async () => {
    const { provider, log } = open({ standard: at(await unreachableUrl(), 'm'), fallbacks: [basic] });
    const { events, text, thrown } = await collect(provider, ask('hello'));
    expect(thrown).toBeUndefined();
    expect(text).not.toBe('');
    expect(events[0]).toEqual({ type: 'answered-by', provider: 'basic', model: 'basic' });
    expect(events.at(-1)).toMatchObject({ type: 'finish' });
    expect(JSON.stringify(log.lines)).toContain('ai-unreachable');
  });

  it('is asked in its order, and the last failure is the one that is told', async () => {
    const standard = at(await unreachableUrl(), 'm');
    const { provider } = open({ standard, fallbacks: [at(fake.url, 'fake:status=400'), at(fake.url, 'n')] });
    const { events, text } = await collect(provider, ask('hello'));
    expect(text).not.toBe('');
    const answeredBy = events.filter(({ type }) => type === 'answered-by');
    expect(answeredBy.map((event) => 'model' in event && event.model)).toEqual(['fake:status=400', 'n']);

    const all = open({ standard, fallbacks: [at(fake.url, 'fake:status=400')] });
    expect((await collect(all.provider, ask('hello'))).thrown).toMatchObject({ code: 'ai-refused' });
  });

  it('is not asked once a word was said, nor for an answer that was stopped', async () => {
    const { provider } = open({ standard: at(fake.url, 'fake:fault=cut,at=1'), fallbacks: [basic] });
    const { events, thrown } = await collect(provider, ask('hello'));
    expect(thrown).toMatchObject({ code: 'ai-broke-off' });
    expect(events.some(({ type }) => type === 'answered-by')).toBe(false);

    const stopped = new AbortController();
    const collecting = collect(
      open({ standard: at(fake.url, 'fake:fault=hang-before-token'), fallbacks: [basic] }).provider,
      ask('hello'),
      stopped.signal,
    );
    await fake.nextRequest(({ body }) => body.model === 'fake:fault=hang-before-token');
    stopped.abort('no more is wanted');
    expect((await collecting).events).toEqual([]);
  });
});

describe('a provider that fails again and again', () => {
  it('is left alone, with all its models, until its pause is over', async () => {
    const breaker = { failures: 2, pauseMs: 60_000 };
    const { models, provider } = open({
      standard: at(fake.url, 'fake:status=500'),
      others: [at(fake.url, 'n'), basic],
      breaker,
    });
    for (let times = 0; times < 2; times += 1) await collect(provider, ask('hello'));
    const before = fake.requests.length;
    for (const name of ['openai:fake:status=500', 'openai:n']) {
      const other = models.find(name)?.provider;
      if (!other) throw new Error(`${name} is not offered`);
      const { thrown } = await collect(other, ask('hello'));
      expect(thrown).toMatchObject({ code: 'ai-unreachable', retryAfterSeconds: 60 });
    }
    expect(fake.requests).toHaveLength(before);
    const unhurt = models.find('basic')?.provider;
    expect(unhurt && (await collect(unhurt, ask('hello'))).text).not.toBe('');
  });

  it('is not one that refuses', async () => {
    const { provider } = open({
      standard: at(fake.url, 'fake:status=400'),
      breaker: { failures: 1, pauseMs: 60_000 },
    });
    for (let times = 0; times < 3; times += 1)
      expect((await collect(provider, ask('hello'))).thrown).toMatchObject({ code: 'ai-refused' });
  });
});

describe('a provider with little room', () => {
  it('is asked one question after the other, and says how many are before', async () => {
    const { provider } = open({ queue: { concurrency: 1, waiting: 1 } });
    const first = new AbortController();
    const collecting = collect(provider, ask('fake:fault=hang-before-token'), first.signal);
    await fake.nextRequest();
    const second = collect(provider, ask('hello'));
    expect((await collect(provider, ask('too much'))).thrown).toMatchObject({ code: 'ai-busy' });
    expect(fake.requests).toHaveLength(1);
    first.abort('no more is wanted');
    await collecting;
    const { events, text } = await second;
    expect(events.slice(0, 2)).toEqual([
      { type: 'waiting', position: 1 },
      { type: 'waiting', position: 0 },
    ]);
    expect(text).not.toBe('');
  });

  it('gives the room back whatever becomes of a question', async () => {
    const { provider } = open({ queue: { concurrency: 1, waiting: 0 } });
    for (const question of ['fake:status=400', 'fake:fault=cut,at=1', 'fake:fault=cut,at=0', 'hello'])
      expect((await collect(provider, ask(question))).thrown).not.toMatchObject({ code: 'ai-busy' });
    for await (const event of provider.stream(ask('hello'), new AbortController().signal))
      if (event.type === 'text-delta') break;
    expect((await collect(provider, ask('hello'))).thrown).toBeUndefined();
  });
});
