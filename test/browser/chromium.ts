import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { describe } from 'vitest';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const mayBeMissing = !process.env['CI'] && !existsSync(executablePath);

/** Why the tests are left out, where they are. */
const absence = ` (left out: no Chromium at ${executablePath}; CHROMIUM may name another place)`;

/** A group of tests that needs Chromium. Where there is none it is skipped, and says why; in CI it fails. */
export function describeInBrowser(name: string, tests: () => void): void {
  describe.skipIf(mayBeMissing)(`${name}${mayBeMissing ? absence : ''}`, () => {
    tests();
  });
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
