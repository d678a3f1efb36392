import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { signInV1 } from '../support/v1-client.ts';
import { describeInBrowser, launchChromium } from './chromium.ts';

const schemes = ['light', 'dark'] as const;

describeInBrowser('the pages of the server', () => {
  const data = temporaryFolder();
  let browser: Browser;
  let server: ServerProcess;
  let context: BrowserContext;
  beforeAll(async () => {
    browser = await launchChromium();
    server = await startServerProcess({ DATA_DIR: data.folder, RATE_LIMITS: 'off' });
  });
  afterEach(() => context.close());
  afterAll(async () => {
    await browser.close();
    await server.stop();
    data.remove();
  });

  /** Opens a page and notes what it says to the console, what it asks for elsewhere, and what failed. */
  async function visit(path: string, colorScheme: (typeof schemes)[number] = 'light') {
    context = await browser.newContext({ colorScheme, viewport: { width: 390, height: 800 } });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== server.url && protocol !== 'data:') problems.push(`asked for ${request.url()}`);
    });
    page.on('requestfailed', (request) => problems.push(`failed: ${request.url()}`));
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
    });
    await page.goto(server.url + path);
    return { page, problems };
  }

  it.each(schemes)('GET / tells a visitor what runs, and where to read on: %s', async (scheme) => {
    const { page, problems } = await visit('/', scheme);
    expect(await page.textContent('h1')).toBe('Parlance is running');
    expect(await page.title()).toBe('Parlance');
    expect(await brightness(page)).toBe(scheme);
    expect(await sidewaysOverflow(page)).toBe(0);
    const links = await page.locator('a').all();
    for (const link of links) {
      const { status } = await fetch(new URL((await link.getAttribute('href')) ?? '', server.url));
      expect([await link.textContent(), status]).toEqual([await link.textContent(), 200]);
    }
    expect(links.length).toBeGreaterThan(0);
    expect(problems).toEqual([]);
  });

  it('GET /docs shows every route, light or dark, and tries them out with a cookie or a token', async () => {
    const user = { login: 'visitor', password: 'the password of visitor' };
    const { token } = await signInV1(server.url, user.login);
    const { page, problems } = await visit('/docs', 'light');
    await page.waitForSelector('.opblock');
    const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: object };
    expect(await page.locator('.opblock').count()).toBe(Object.values(paths).flatMap(Object.keys).length);
    expect(await sidewaysOverflow(page)).toBe(0);
    expect(await brightness(page)).toBe('light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForSelector('html.dark-mode');
    expect(await brightness(page)).toBe('dark');

    await execute(await tryOut(page, 'signIn'), { ...user, mode: 'cookie' });
    const createChat = await tryOut(page, 'createChat');
    expect(await execute(createChat, { title: 'By cookie' })).toMatchObject({ title: 'By cookie' });

    await context.clearCookies();
    await page.locator('.auth-wrapper .authorize').first().click();
    const dialog = page.locator('.modal-ux');
    await dialog.locator('input[aria-label="auth-bearer-value"]').fill(token);
    await dialog.locator('button[aria-label="Apply credentials"]').first().click();
    await dialog.locator('button.btn-done').first().click();
    expect(await execute(createChat, { title: 'By token' })).toMatchObject({ title: 'By token' });
    expect(problems).toEqual([]);
  });
});

/** Opens the form of an operation. */
async function tryOut(page: Page, operation: string) {
  const block = page.locator(`.opblock[id$="-${operation}"]`);
  await block.locator('.opblock-summary-control').click();
  await block.locator('.try-out__btn').click();
  return block;
}

/** Sends the request of a form, and waits until the page shows its answer; the JSON of that. */
async function execute(block: Awaited<ReturnType<typeof tryOut>>, body: object): Promise<unknown> {
  await block.locator('textarea').fill(JSON.stringify(body));
  const answer = block.page().waitForResponse(() => true);
  await block.locator('button.execute').click();
  await block.locator('.live-responses-table').waitFor();
  return (await answer).json();
}

/** How far the page can be moved sideways, in pixels. */
const sidewaysOverflow = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');

/** Whether the background that is seen is a light one. */
async function brightness(page: Page): Promise<'light' | 'dark'> {
  const color = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const channels = (/\d+, \d+, \d+/.exec(color)?.[0] ?? '').split(', ').map(Number);
  return channels.reduce((sum, channel) => sum + channel, 0) > 3 * 128 ? 'light' : 'dark';
}
