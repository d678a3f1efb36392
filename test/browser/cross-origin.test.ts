import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { callInPage, describeInBrowser, launchChromium } from './chromium.ts';
import { cookieApis } from './cookie-apis.ts';
import { type Frontend, serveFrontend } from './serve-frontend.ts';

type Answer = { status?: number; body?: unknown; unreadable?: string };
const otherSignIns = cookieApis.slice(1).map(({ signIn }) => signIn);
const unreadable = { unreadable: 'TypeError: Failed to fetch' };

describeInBrowser('a page on another origin', () => {
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
    // The name that the pages have, too: for a browser `localhost` and `127.0.0.1` are two sites.
    api = server.url.replace('127.0.0.1', 'localhost');
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    frontend.close();
    foreign.close();
    data.remove();
  });

  const openPage = async (context: BrowserContext, origin: string) => {
    const page = await context.newPage();
    await page.goto(origin);
    return page;
  };
  const ask = (from: Page, method: string, path: string, body: unknown = null) =>
    callInPage<Answer>(from, 'ask', [method, api + path, body]);

  describe.each(cookieApis)('that speaks $name', ({ signUp, signIn, list, make, signOut }) => {
    let context: BrowserContext;
    let page: Page;
    beforeAll(async () => {
      context = await browser.newContext();
      page = await openPage(context, frontend.origin);
    });
    afterAll(() => context.close());

    it('is asked first by the browser, even before a GET', async () => {
      const preflights = await watchPreflights(await context.newCDPSession(page));
      expect(await ask(page, ...list)).toMatchObject({ status: 401 });
      expect(preflights).toEqual([api + list[1]]);
    });

    it('signs up, signs in, reads and writes with the cookie, and signs out', async () => {
      expect(await ask(page, ...signUp)).toMatchObject({ status: 201 });
      expect(await ask(page, ...signIn)).toMatchObject({ status: 200 });
      expect(await context.cookies(api)).toEqual([
        expect.objectContaining({ name: 'session', httpOnly: true, sameSite: 'Lax', expires: -1, path: '/' }),
      ]);
      expect(await page.evaluate('document.cookie')).toBe('');
      expect(await ask(page, ...make)).toMatchObject({ status: 201 });
      expect(await ask(page, ...list)).toMatchObject({ status: 200 });
      const [asked, status] = signOut;
      expect(await ask(page, ...asked)).toMatchObject({ status });
      expect(await ask(page, ...list)).toMatchObject({ status: 401 });
      expect(await context.cookies(api)).toEqual([]);
    });
  });

  describe.each([
    { about: 'another port of this site', strangerAt: () => foreign.origin },
    { about: 'another site', strangerAt: () => foreign.originByNumber },
  ])('that nobody allows, on $about,', ({ strangerAt }) => {
    const [{ signUp, signIn, list, make, signOut }] = cookieApis;
    let context: BrowserContext;
    let page: Page;
    let stranger: Page;
    let chats: Answer;
    let cookies: unknown;
    beforeAll(async () => {
      context = await browser.newContext();
      page = await openPage(context, frontend.origin);
      await ask(page, ...signUp);
      await ask(page, ...signIn);
      chats = await ask(page, ...list);
      cookies = await context.cookies(api);
      stranger = await openPage(context, strangerAt());
    });
    afterAll(() => context.close());
    /** The user is signed in as before, and has what was there before. */
    const nothingHasChanged = async () => {
      expect(chats).toMatchObject({ status: 200 });
      expect(await ask(page, ...list)).toEqual(chats);
      expect(await context.cookies(api)).toEqual(cookies);
    };

    it('reads nothing', async () => {
      for (const request of [list, make, signIn, ['GET', '/health'] as const])
        expect(await ask(stranger, ...request)).toEqual(unreadable);
      await nothingHasChanged();
    });

    it('changes nothing by requests without a preflight', async () => {
      for (const [, path, body = {}] of [make, signOut[0], signIn, ...otherSignIns])
        await callInPage(stranger, 'askBlindly', ['POST', api + path, body]);
      await callInPage(stranger, 'askBlindly', ['GET', `${api}/api/logout`, null]);
      await nothingHasChanged();
    });

    it('changes nothing by a form, or a link to GET /api/logout', async () => {
      for (const path of [make[1], signOut[0][1], '/api/logout']) {
        await Promise.all([
          stranger.waitForURL(api + path),
          callInPage(stranger, 'submitForm', [api + path]),
        ]);
        await stranger.goto(strangerAt());
      }
      const followLink = stranger.evaluate(`location.href = '${api}/api/logout'`);
      await Promise.all([stranger.waitForURL(`${api}/api/logout`), followLink]);
      await stranger.goto(strangerAt());
      await nothingHasChanged();
    });
  });
});

/** The addresses that the browser asks about before it sends a request there. */
async function watchPreflights(session: CDPSession): Promise<string[]> {
  const asked: string[] = [];
  session.on('Network.requestWillBeSent', ({ request, initiator }) => {
    if (initiator.type === 'preflight') asked.push(request.url);
  });
  await session.send('Network.enable');
  return asked;
}
