import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createFakeAi, type FakeAi } from '../support/fake-ai/fake-ai.mjs';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { createV1Client, type Sent, type V1Client, type V1Message } from '../support/v1-client.ts';
import { callInPage, describeInBrowser, launchChromium } from './chromium.ts';
import { listenToPage, type PageEars, type Told } from './listen-to-page.ts';
import { type Frontend, serveFrontend } from './serve-frontend.ts';

const replyEvents = ['text-delta', 'reply-end', 'reply-error'];
const feedEvents = ['chat-created', 'chat-updated', 'message-created', 'reply-start', 'reply-end'];
const login = { username: 'reader', password: 'correct horse battery' };

describeInBrowser('EventSource of a page on another origin', () => {
  const data = temporaryFolder();
  let ai: FakeAi;
  let browser: Browser;
  let frontend: Frontend;
  let foreign: Frontend;
  let server: ServerProcess;
  let client: V1Client;
  const start = (port: string) =>
    startServerProcess({
      DATA_DIR: data.folder,
      PORT: port,
      CORS_ORIGINS: frontend.origin,
      AI_PROVIDER: 'openai',
      OPENAI_BASE_URL: ai.url,
      AI_MODEL: 'fake',
      REPLY_LEASE_MS: '500',
      SHUTDOWN_GRACE_MS: '200',
      RATE_LIMITS: 'off',
    });
  const startAgain = async () => {
    server = await start(new URL(server.url).port);
  };
  beforeAll(async () => {
    [ai, browser] = await Promise.all([createFakeAi(), launchChromium()]);
    [frontend, foreign] = await Promise.all([serveFrontend(), serveFrontend()]);
    server = await start('0');
    const { json } = createV1Client(server.url, '');
    type Tokens = { access_token: string };
    const { access_token } = await json<Tokens>('POST', '/api/v1/auth/register', {
      ...login,
      mode: 'tokens',
    });
    client = createV1Client(server.url, access_token);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await ai.close();
    frontend.close();
    foreign.close();
    data.remove();
  });

  let context: BrowserContext;
  let page: Page;
  let ears: PageEars;
  const at = (path: string) => server.url.replace('127.0.0.1', 'localhost') + path;
  const signIn = { login: login.username, password: login.password, mode: 'cookie' };
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    ears = await listenToPage(page);
    await page.goto(frontend.origin);
    await callInPage(page, 'ask', ['POST', at('/api/v1/auth/sign-in'), signIn]);
  });
  afterEach(() => context.close());

  /** Has the page follow a new reply to this. */
  async function followReply(text: string): Promise<Sent> {
    const chat = await client.json<{ id: string }>('POST', '/api/v1/chats', {});
    const sent = await client.json<Sent>('POST', `/api/v1/chats/${chat.id}/messages`, { text });
    await callInPage(page, 'follow', ['reply', at(`/api/v1/replies/${sent.reply.id}/events`), replyEvents]);
    return sent;
  }
  const storedText = async ({ reply }: Sent) =>
    (await client.json<{ message: V1Message }>('GET', `/api/v1/replies/${reply.id}`)).message.text;
  const hears = (name: string, type: string) =>
    ears.hears((told) => told.name === name && told.type === type);
  /** The browser has tried to come back, and found nobody. */
  const isRefused = (path: string) =>
    page.waitForEvent('requestfailed', (request) => {
      const { errorText = '' } = request.failure() ?? {};
      return request.url() === at(path) && errorText === 'net::ERR_CONNECTION_REFUSED';
    });

  it('reads a reply to its end with the cookie, is told that this was all, and stays away', async () => {
    const statuses: number[] = [];
    page.on(
      'response',
      (response) => void (response.url().endsWith('/events') && statuses.push(response.status())),
    );
    const sent = await followReply('fake:count=200,rate=1000');
    await hears('reply', 'closed');
    expect(ears.told.at(-1)).toEqual({ name: 'reply', type: 'closed' });
    expect(typesOf(ears.told, 'reply')).toEqual([
      'opened',
      'text-delta',
      'reply-end',
      'connecting',
      'closed',
    ]);
    expect(statuses).toEqual([200, 204]);
    expect(textOf(ears.told)).toBe(await storedText(sent));
  });

  it.each([
    ['killed', () => server.kill()],
    ['stopped', () => server.stop()],
  ])('comes back by itself when the server was %s and started again', async (_how, end) => {
    await callInPage(page, 'follow', ['feed', at('/api/v1/events'), feedEvents]);
    await hears('feed', 'opened');
    const sent = await followReply('fake:count=100000,rate=200');
    await hears('reply', 'text-delta');
    const refused = isRefused('/api/v1/events');
    await end();
    await refused;
    await startAgain();

    await hears('reply', 'closed');
    const text = textOf(ears.told);
    expect(text).not.toBe('');
    expect(text).toBe(await storedText(sent));
    expect(ears.told.filter(({ type }) => type === 'reply-error')).toHaveLength(1);

    const { id } = await client.json<{ id: string }>('POST', '/api/v1/chats', { title: 'afterwards' });
    await ears.hears(
      ({ name, type, data }) => name === 'feed' && type === 'chat-created' && idOf(data) === id,
    );
    const positions = ears.told
      .filter((told) => told.name === 'feed' && told.id)
      .map((told) => Number(told.id));
    expect(positions).toEqual(positions.map((_position, index) => Number(positions[0]) + index));
    expect(typesOf(ears.told, 'feed')).toContain('reply-end');
  });

  it('is refused to a page that nobody allows', async () => {
    // The cookie goes along: to a browser, another port is the same site.
    const stranger = await context.newPage();
    const others = await listenToPage(stranger);
    await stranger.goto(foreign.origin);
    await callInPage(stranger, 'follow', ['feed', at('/api/v1/events'), feedEvents]);
    await others.hears(({ name }) => name === 'feed');
    expect(others.told).toEqual([{ name: 'feed', type: 'closed' }]);
  });
});

const idOf = (data: unknown): string => (data as { chat: { id: string } }).chat.id;

/** What happened on a stream, in order; what comes several times in a row once. */
function typesOf(told: readonly Told[], name: string): string[] {
  const types = told.filter((one) => one.name === name).map(({ type }) => type);
  return types.filter((type, index) => type !== types[index - 1]);
}

/** The text of the reply, each piece of which must go on where the one before ended. */
function textOf(told: readonly Told[]): string {
  let text = '';
  for (const { data } of told.filter(({ name, type }) => name === 'reply' && type === 'text-delta')) {
    const delta = data as { start: number; text: string };
    if (delta.start !== text.length) throw new Error(`A gap: ${delta.start} after ${text.length}`);
    text += delta.text;
  }
  return text;
}
