import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { describe, it } from 'vitest';

/** The one without a window of its own does the same with half of the processor time. */
const places = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const executablePath = process.env['CHROMIUM'] ?? places.find((place) => existsSync(place)) ?? '';
const mayBeMissing = !process.env['CI'] && !existsSync(executablePath);

/** A group of tests that needs Chromium. Where there is none they are left out, which one skipped test says; in CI they fail. */
export function describeInBrowser(name: string, tests: () => void): void {
  describe(`In Chromium: ${name}`, () => {
    (mayBeMissing ? sayWhy : tests)();
  });
}

function sayWhy(): void {
  it(`(left out: there is no Chromium at ${executablePath || places.join(' or ')}; CHROMIUM may name one)`, ({
    skip,
  }) => skip());
}

/** A browser of its own, that asks nobody but whom its pages ask. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Calls a function that the page has given to its window, and gives what it resolves with. */
export function callInPage<Result>(page: Page, name: string, args: readonly unknown[]): Promise<Result> {
  return page.evaluate<Result>(`${name}(...${JSON.stringify(args)})`);
}
