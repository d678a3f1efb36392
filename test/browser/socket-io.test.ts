import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { callInPage, describeInBrowser, launchChromium } from './chromium.ts';
import { listenToPage, type PageEars } from './listen-to-page.ts';
import { type Frontend, serveFrontend } from './serve-frontend.ts';

type Answer = { status: number; body: { chat_id?: number; messages?: { role: string; content: string }[] } };
const account = { email: 'socket@example.org', password: 'correct horse battery' };

describeInBrowser('Socket.IO of a page on another origin', () => {
  const data = temporaryFolder();
  let browser: Browser;
  let frontend: Frontend;
  let foreign: Frontend;
  let server: ServerProcess;
  let api = '';
  beforeAll(async () => {
    [browser, frontend, foreign] = await Promise.all([launchChromium(), serveFrontend(), serveFrontend()]);
    server = await startServerProcess({
      DATA_DIR: data.folder,
      CORS_ORIGINS: frontend.origin,
      RATE_LIMITS: 'off',
    });
    api = server.url.replace('127.0.0.1', 'localhost');
    const page = await browser.newPage();
    await page.goto(frontend.origin);
    await callInPage(page, 'ask', ['POST', `${api}/api/auth/signup`, account]);
    await page.context().close();
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    frontend.close();
    foreign.close();
    data.remove();
  });

  let context: BrowserContext;
  beforeEach(async () => {
    context = await browser.newContext();
  });
  afterEach(() => context.close());
  const ask = (page: Page, method: string, path: string, body: unknown = null) =>
    callInPage<Answer>(page, 'ask', [method, api + path, body]);

  /** A page with a version of the client, and what it hears. */
  async function openPage(origin: string, version: string): Promise<{ page: Page; ears: PageEars }> {
    const page = await context.newPage();
    const ears = await listenToPage(page);
    await page.goto(origin);
    await page.addScriptTag({ url: `/socket.io-${version}.js` });
    return { page, ears };
  }

  it.each([
    { version: '4.5.4', transports: ['websocket', 'polling'] },
    { version: '4.8', transports: ['polling', 'websocket'] },
    { version: '4.8', transports: ['polling'] },
  ])('streams a reply to client $version over $transports', async ({ version, transports }) => {
    const { page, ears } = await openPage(frontend.origin, version);
    expect(await ask(page, 'POST', '/api/auth/login', account)).toMatchObject({ status: 200 });
    const { chat_id } = (await ask(page, 'POST', '/api/chat/create')).body;
    await callInPage(page, 'connectSocket', [api, transports]);
    await ears.hears(({ type }) => type === 'connect');
    await callInPage(page, 'emit', ['send_message', { chat_id, message: 'What is 12% of 80?' }]);
    const complete = await ears.hears(({ type }) => type === 'message_complete');

    const { full_text } = complete.data as { full_text: string };
    const tokens = ears.told.filter(({ type }) => type === 'message_token');
    expect(tokens.map((token) => (token.data as { text: string }).text).join('')).toBe(full_text);
    const { body } = await ask(page, 'GET', `/api/chat/${chat_id}/messages`);
    expect(body.messages?.at(-1)).toMatchObject({ role: 'assistant', content: full_text });

    await ask(page, 'POST', '/api/auth/logout');
    await ears.hears(({ type }) => type === 'disconnect');
  });

  it.each(['websocket', 'polling'])(
    'is refused over %s to a page that nobody allows, whoever is signed in',
    async (transport) => {
      const { page } = await openPage(frontend.origin, '4.8');
      expect(await ask(page, 'POST', '/api/auth/login', account)).toMatchObject({ status: 200 });
      // The cookie goes along: to a browser, another port is the same site.
      const stranger = await openPage(foreign.origin, '4.8');
      await callInPage(stranger.page, 'connectSocket', [api, [transport]]);
      await stranger.ears.hears(({ name }) => name === 'socket');
      expect(stranger.ears.told.map(({ type }) => type)).toEqual(['connect_error']);
    },
  );

  it('is refused to an allowed page without the cookie', async () => {
    const { page, ears } = await openPage(frontend.origin, '4.8');
    await callInPage(page, 'connectSocket', [api, ['websocket']]);
    await ears.hears(({ name }) => name === 'socket');
    expect(ears.told.map(({ type }) => type)).toEqual(['connect_error']);
  });
});
