import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { signInV1, type V1Client, type V1Reply } from '../support/v1-client.ts';
import { askModel, endsInFeed, expectHonestEnd, seen } from './honest-end.ts';
import {
  type Fault,
  faultsOf,
  type NetworkProvider,
  networkProviders,
  openWorlds,
  type World,
} from './provider-worlds.ts';
import { readAllEvents, textOf } from './read-events.ts';
import { messagesOf, type Told, transports } from './transports.ts';

const folders: { remove(): void }[] = [];
const servers: ServerProcess[] = [];
let worlds: Record<NetworkProvider, World>;
let closeWorlds: () => Promise<void>;

beforeAll(async () => {
  ({ worlds, close: closeWorlds } = await openWorlds());
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await closeWorlds();
  for (const folder of folders) folder.remove();
});

const start = async (environment: Record<string, string>): Promise<ServerProcess> => {
  const data = temporaryFolder();
  folders.push(data);
  const server = await startServerProcess({
    DATA_DIR: data.folder,
    LOG_LEVEL: 'error',
    // Each fault is to be seen as it is, however many there were before it.
    AI_BREAKER_FAILURES: '0',
    RATE_LIMITS: 'off',
    MAX_OPEN_REPLIES_PER_USER: '1000',
    ...environment,
  });
  servers.push(server);
  return server;
};

/** A machine that is busy with other tests may be slow, but never as slow as a vendor that hangs. */
const impatience = { AI_RETRIES: '1', AI_FIRST_TOKEN_TIMEOUT_MS: '4000', AI_IDLE_TIMEOUT_MS: '1000' };
/** Where each question has to wait for the one before. */
const haste = { AI_RETRIES: '0', AI_FIRST_TOKEN_TIMEOUT_MS: '700', AI_IDLE_TIMEOUT_MS: '300' };

/** As the default: some ways to ask choose nobody. */
const asDefault = ({ model, environment }: World) => {
  const [provider = '', name = ''] = model.split(':');
  return { ...environment, AI_PROVIDER: provider, ...(name === '' ? {} : { AI_MODEL: name }) };
};

const askBy = (way: string, client: V1Client, question: string): Promise<Told> => {
  const ask = transports[way];
  if (!ask) throw new Error(`There is no way "${way}"`);
  return ask(client, question);
};

/** In CI every provider is asked in every way; elsewhere one is, and the others in those that have nothing in common. */
const waysOf = (provider: NetworkProvider): string[] => {
  const ways = Object.keys(transports);
  if (process.env['CI'] || provider === 'openai') return ways;
  return ways.filter((way) => way.includes('/api/v1') || way.includes('histories'));
};

describe.each(networkProviders)('%s', (provider) => {
  const ways = waysOf(provider);
  const asked = new Map<string, Promise<Told>>();
  const toldOf = (way: string, script: string) => asked.get(`${way} ${script}`);
  let server: ServerProcess;
  let client: V1Client;
  let world: World;

  // Much is asked at once, in every way; then each answer is looked at.
  beforeAll(async () => {
    world = worlds[provider];
    server = await start({ ...asDefault(world), ...(world.isApart ? impatience : haste) });
    client = await signInV1(server.url, 'asking');
    // What is loaded with the first question is nobody's slowness.
    await transports['ask histories outside any chat']?.(client, 'fake:count=1');
    const scripts = [...world.faults, world.whole].map(({ script }) => script);
    const hanging = scripts.filter((script) => script.includes('hang'));
    // Way by way, or a busy machine would be the slow one; but silences wait side by side.
    for (const way of ways)
      await askAll(
        [way],
        scripts.filter((script) => !hanging.includes(script)),
      );
    await askAll(ways, hanging);
  });
  const askAll = async (some: readonly string[], scripts: readonly string[]) => {
    let before: Promise<unknown> = Promise.resolve();
    for (const way of some)
      for (const script of scripts) {
        const ask = () => askBy(way, client, `fake:${script}`);
        const told = (world.isApart ? Promise.resolve() : before).then(ask);
        before = told.catch(() => undefined);
        asked.set(`${way} ${script}`, told);
      }
    await Promise.allSettled(asked.values());
  };
  afterAll(() => server.stop());

  it.each(ways.flatMap((way) => faultsOf(provider).map((fault) => ({ way, ...fault }))))(
    '$way: $script is $code',
    async ({ way, ...fault }) => {
      const told = await toldOf(way, fault.script);
      const question = `fake:${fault.script}`;
      await expectHonestEnd({ client, question, told, fault, text: world.textOf(fault.tokens ?? 0) });
    },
  );

  it.each(ways)('%s: carries an answer exactly that is hard to carry', async (way) => {
    const { script, text } = world.whole;
    const told = await toldOf(way, script);
    expect(told).toMatchObject({ status: 200, text, ends: [{ code: null, sentence: null }] });
    if (!told || told.chat === null) return;
    const [, answer] = await messagesOf(client, told.chat);
    expect(answer).toMatchObject({ role: 'assistant', state: 'complete', text });
  });

  it('ends each reply once', async () => {
    const { ended, open } = await endsInFeed(server, client);
    const stored = ways.filter((way) => !way.startsWith('ask')).length;
    expect(ended.size).toBe(stored * (faultsOf(provider).length + 1));
    expect([...ended.values()].filter((times) => times !== 1)).toEqual([]);
    expect(open).toEqual([]);
  });
});

describe('a vendor where nobody listens is ai-unreachable', () => {
  let server: ServerProcess;
  let client: V1Client;
  beforeAll(async () => {
    const nowhere = Object.assign({}, ...Object.values(worlds).map((world) => world.nowhere)) as Record<
      string,
      string
    >;
    server = await start({ ...asDefault(worlds.openai), ...offered(), ...nowhere, AI_RETRIES: '0' });
    client = await signInV1(server.url, 'lonely');
  });

  it.each(Object.entries(transports))('%s', async (_, ask) => {
    const question = 'hello?';
    const told = await ask(client, question);
    const fault: Fault = { script: '', code: 'ai-unreachable', status: 503 };
    await expectHonestEnd({ client, question, told, fault, text: '' });
  });

  it.each(networkProviders)('%s', async (provider) => {
    const { reply } = await askModel(client, worlds[provider].model, 'hello?');
    const events = await readAllEvents(client.events(`/api/v1/replies/${reply.id}/events`));
    expect(events.at(-1)?.event).toBe('reply-error');
    expect(JSON.parse(events.at(-1)?.data ?? '')).toMatchObject({ code: 'ai-unreachable' });
  });
});

describe('stopping a reply closes the connection to the AI at once', () => {
  let server: ServerProcess;
  let client: V1Client;
  beforeAll(async () => {
    // With the usual patience nothing but the stop ends these replies.
    const everywhere = Object.assign(
      {},
      ...Object.values(worlds).map((world) => world.environment),
    ) as Record<string, string>;
    server = await start({ ...asDefault(worlds.openai), ...offered(), ...everywhere });
    client = await signInV1(server.url, 'stopping');
  });

  it.each(networkProviders)('%s, before its headers, before a token, between tokens', async (provider) => {
    const { model, hangs, textOf: textOfTokens, nextRequest } = worlds[provider];
    const delays: number[] = [];
    for (const { script, tokens } of hangs) {
      const asked = nextRequest();
      const { reply } = await askModel(client, model, `fake:${script}`);
      const { ended } = await asked;
      const text = textOfTokens(tokens);
      await seen(client, reply, text.length);

      const startedAt = performance.now();
      const stopped = client.json<V1Reply>('POST', `/api/v1/replies/${reply.id}/stop`);
      expect(await ended).toBe('left');
      delays.push(performance.now() - startedAt);
      expect(await stopped).toMatchObject({ state: 'stopped', error_code: null });
      const events = await readAllEvents(client.events(`/api/v1/replies/${reply.id}/events`));
      expect(textOf(events)).toBe(text);
      expect(events.at(-1)).toMatchObject({ event: 'reply-end', id: 'end' });
    }
    // The best of three: a busy machine may delay any one of them.
    expect(Math.min(...delays)).toBeLessThan(200);
  });
});

/** All of them, to choose from in each chat. */
function offered(): Record<string, string> {
  return {
    AI_MODELS: Object.values(worlds)
      .map(({ model }) => model)
      .join(','),
    ANTHROPIC_API_KEY: 'sk-1',
    GEMINI_API_KEY: 'sk-1',
    MISTRAL_API_KEY: 'sk-1',
  };
}
