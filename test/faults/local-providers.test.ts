import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/core/errors.ts';
import type { ProviderName } from '../../src/providers/index.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { playLocalModels } from '../support/tiny-model/local-models.ts';
import { signInV1, type V1Client, type V1Reply } from '../support/v1-client.ts';
import { askModel, endsInFeed, expectHonestEnd, seen } from './honest-end.ts';
import type { Fault, NetworkProvider } from './provider-worlds.ts';
import { readAllEvents, textOf } from './read-events.ts';
import { messagesOf, transports } from './transports.ts';

/** Providers that compute here: one that is neither here nor among those over a network does not compile. */
type LocalProvider = Exclude<ProviderName, NetworkProvider>;

const tokens = (count: number) => Array.from({ length: count }, (_, index) => `tok${index} `).join('');

/** What can happen to the thread that computes. Each fault is everybody's who is asking just then, so they come one by one. */
const threadFaults: readonly Fault[] = [
  { script: 'fault=throw', code: 'ai-broke-off', status: 502, tokens: 3 },
  { script: 'fault=throw,at=0', code: 'ai-unreachable', status: 503 },
  { script: 'fault=exit', code: 'ai-broke-off', status: 502, tokens: 3 },
  { script: 'fault=exit,at=0', code: 'ai-unreachable', status: 503 },
  { script: 'fault=crash', code: 'ai-broke-off', status: 502, tokens: 3 },
  { script: 'fault=hang', code: 'ai-timed-out', status: 504, tokens: 3 },
  { script: 'fault=hang,at=0', code: 'ai-timed-out', status: 504 },
  { script: 'fault=stuck', code: 'ai-timed-out', status: 504, tokens: 3 },
  { script: 'count=0', code: 'ai-answer-empty', status: 502 },
];

/** Models that cannot be loaded, by what the stand-in for the library makes of their names. */
const loadFaults: Record<string, ErrorCode> = {
  'load-throw': 'ai-refused',
  'load-exit': 'ai-refused',
  'load-crash': 'ai-refused',
  'load-hang': 'ai-timed-out',
  'load-stuck': 'ai-timed-out',
  missing: 'ai-refused',
};

/** The whole answers, which are the same each time, and how long ones are asked for. */
const answers: Record<LocalProvider, { model: string; question: string; text: string; endless: string }> = {
  basic: { model: 'basic', question: 'What is 6 * 7?', text: '6 * 7 = 42', endless: 'help' },
  nlp: { model: 'nlp', question: 'What is 6 * 7?', text: '6 * 7 = 42', endless: 'help' },
  transformers: {
    model: 'transformers:tiny',
    question: 'fake:count=40',
    text: tokens(40),
    endless: 'fake:pause=10,count=1000',
  },
};
const localProviders = Object.keys(answers) as LocalProvider[];
const ways = Object.entries(transports);

let local: ReturnType<typeof playLocalModels>;
const folders: { remove(): void }[] = [];
const servers: ServerProcess[] = [];
beforeAll(() => {
  local = playLocalModels(Object.keys(loadFaults).filter((name) => name !== 'missing'));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  for (const folder of [local, ...folders]) folder.remove();
});

const start = async (environment: Record<string, string>): Promise<ServerProcess> => {
  const data = temporaryFolder();
  folders.push(data);
  const server = await startServerProcess({
    DATA_DIR: data.folder,
    LOG_LEVEL: 'error',
    AI_BREAKER_FAILURES: '0',
    TRANSFORMERS_DIR: local.packageDir,
    MODELS_DIR: local.modelsDir,
    ...environment,
  });
  servers.push(server);
  return server;
};

describe('a model in a thread', () => {
  let server: ServerProcess;
  let client: V1Client;
  beforeAll(async () => {
    server = await start({
      AI_PROVIDER: 'transformers',
      AI_MODEL: 'tiny',
      AI_MODELS: Object.keys(loadFaults)
        .map((name) => `transformers:${name}`)
        .join(','),
      AI_FIRST_TOKEN_TIMEOUT_MS: '500',
      AI_IDLE_TIMEOUT_MS: '250',
    });
    client = await signInV1(server.url, 'asking');
  });

  /** A silence is the same over every transport; that a transport tells of one shows in the other table. */
  const met = ways.flatMap(([way, ask], index) =>
    threadFaults
      .filter(({ code }) => index === 0 || code !== 'ai-timed-out')
      .map((fault) => ({ ...fault, way, ask, fault })),
  );

  it.each(met)('$way: $script is $code, and the next question is answered', async ({ ask, fault }) => {
    const question = `fake:${fault.script}`;
    const told = await ask(client, question);
    await expectHonestEnd({ client, question, told, fault, text: tokens(fault.tokens ?? 0) });
    // A thread that hangs is not there for anybody; it is ended when it gives no sign of having stopped.
    if (question.includes('stuck')) await answeredAgain(client);
    else expect(await askOnce(client, 'fake:count=2')).toBe(tokens(2));
  });

  it('a model that cannot be loaded says so, whatever it is', { timeout: 20_000 }, async () => {
    const told = await Promise.all(
      Object.keys(loadFaults).map(async (name) => {
        const { reply } = await askModel(client, `transformers:${name}`, 'hello');
        const events = await readAllEvents(client.events(`/api/v1/replies/${reply.id}/events`));
        return [name, (JSON.parse(events.at(-1)?.data ?? '') as { code: string }).code] as const;
      }),
    );
    expect(Object.fromEntries(told)).toEqual(loadFaults);
  });

  it('ends each reply once', async () => {
    const { ended, open } = await endsInFeed(server, client);
    expect(ended.size).toBeGreaterThan(threadFaults.length);
    expect([...ended.values()].filter((times) => times !== 1)).toEqual([]);
    expect(open).toEqual([]);
  });
});

describe('what computes here', () => {
  let server: ServerProcess;
  let client: V1Client;
  beforeAll(async () => {
    server = await start({
      AI_PROVIDER: 'basic',
      AI_MODELS: localProviders.map((name) => answers[name].model).join(','),
      BASIC_WORD_DELAY_MS: '15',
    });
    client = await signInV1(server.url, 'patient');
  });

  it.each(localProviders)('%s is complete once its whole answer is there', async (provider) => {
    const { model, question, text } = answers[provider];
    const { reply, message } = await askModel(client, model, question);
    const events = await readAllEvents(client.events(`/api/v1/replies/${reply.id}/events`));
    expect(events.filter(({ event }) => event === 'reply-end')).toHaveLength(1);
    expect(textOf(events)).toBe(text);
    const { chat_id: chat } = message as unknown as { chat_id: string };
    expect((await messagesOf(client, chat)).at(-1)).toMatchObject({ state: 'complete', text });
  });

  it.each(localProviders)('%s stops in the middle of its answer, at once', async (provider) => {
    const { model, endless } = answers[provider];
    const delays: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const { reply } = await askModel(client, model, endless);
      await seen(client, reply, 1);
      const startedAt = Date.now();
      const stopped = await client.json<V1Reply>('POST', `/api/v1/replies/${reply.id}/stop`);
      expect(stopped).toMatchObject({ state: 'stopped', error_code: null });
      delays.push((await leftOffAt(provider)) - startedAt);
      const events = await readAllEvents(client.events(`/api/v1/replies/${reply.id}/events`));
      expect(events.at(-1)).toMatchObject({ event: 'reply-end', id: 'end' });
    }
    // The best of three: a busy machine may delay any one of them.
    expect(Math.min(...delays)).toBeLessThan(200);
  });

  /** When it stopped computing: the thread says so itself, the others are asked no more when their guard says that nothing is. */
  async function leftOffAt(provider: LocalProvider): Promise<number> {
    if (provider === 'transformers') {
      const { reply } = await askModel(client, answers.transformers.model, 'fake:stopped');
      return Number(textOf(await readAllEvents(client.events(`/api/v1/replies/${reply.id}/events`))));
    }
    for (;;) {
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      if (new RegExp(`provider="${provider}",state="answering"} 0\\b`).test(metrics)) return Date.now();
    }
  }
});

async function askOnce(client: V1Client, message: string): Promise<string | undefined> {
  const response = await client.request('POST', '/api/chat', { message });
  return ((await response.json()) as { reply?: string }).reply;
}

/** Asks until there is an answer; the test's time limit ends it where there never is. */
async function answeredAgain(client: V1Client): Promise<void> {
  while ((await askOnce(client, 'fake:count=2')) !== tokens(2));
}
