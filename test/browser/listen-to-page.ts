import type { Page } from 'playwright-core';

/** Something that a stream or a socket of the page has brought. */
export type Told = { name: string; type: string; id?: string; data?: unknown };

export type PageEars = {
  told: readonly Told[];
  /** Resolves with the first that fits, past or to come. */
  hears(fits: (told: Told) => boolean): Promise<Told>;
};

/** Hears what the page tells. Call it before the page is opened. */
export async function listenToPage(page: Page): Promise<PageEars> {
  const told: Told[] = [];
  const waiting = new Set<() => void>();
  await page.exposeFunction('tell', (one: Told) => {
    told.push(one);
    for (const look of waiting) look();
  });
  return {
    told,
    hears: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          const found = told.find(fits);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
