import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { amanda } from '../../../src/dialects/amanda/index.ts';
import { mountDialects } from '../../../src/dialects/kit/mount-dialects.ts';
import { createTestApp } from '../../http/test-app.ts';
import { openTempCore, type TempCore } from '../../support/temp-core.ts';

const readme = readFileSync(new URL('../../../src/dialects/amanda/README.md', import.meta.url), 'utf8');
const documented = [...readme.matchAll(/^\| `((?:GET|POST|PUT|PATCH|DELETE) \/\S*)` \|/gm)].map(
  ([, route]) => route ?? '',
);
const events = [...readme.matchAll(/^\| `([a-z]+(?:_[a-z]+)*)` \| (?:client|server) \|/gm)].map(
  ([, event]) => event ?? '',
);
const here = new URL('.', import.meta.url);
const suites = readdirSync(here)
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => readFileSync(new URL(file, here), 'utf8'))
  .join('\n');

describe('everything documented', () => {
  it('is found in the README', () => {
    expect(documented.length).toBeGreaterThanOrEqual(13);
    expect(events).toEqual(['send_message', 'message_token', 'message_complete', 'error']);
  });

  it.each([...documented, ...events])('%s has a suite of its own', (name) => {
    expect(suites).toContain(`describe('${name}'`);
  });
});

describe('every live route', () => {
  let core: TempCore;
  const live: string[] = [];
  beforeAll(async () => {
    core = await openTempCore();
    const app = await createTestApp({
      parts: [
        (scope) => {
          scope.addHook('onRoute', ({ method, url }) => {
            for (const one of [method].flat()) if (one !== 'HEAD') live.push(`${one} ${url}`);
          });
          return mountDialects(scope, { core: core.core, dialects: [amanda] });
        },
      ],
    });
    await app.close();
  });
  afterAll(() => core.dispose());

  /** The README says `:chat_id`, the code `:chatId(…)`. */
  const plain = (route: string) => route.replace(/:\w+(\([^)]*\))?/g, ':id');

  it('is documented, and no other', () => {
    expect(live.map(plain).toSorted()).toEqual(documented.map(plain).toSorted());
  });
});
