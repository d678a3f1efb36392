import { readdirSync, readFileSync } from 'node:fs';
import type { Dialect } from '../../src/dialects/kit/define-dialect.ts';
import { mountDialects } from '../../src/dialects/kit/mount-dialects.ts';
import { createTestApp } from '../http/test-app.ts';
import { openTempCore } from '../support/temp-core.ts';

/** The endpoints in the tables of a dialect's README: `GET /chat/sessions/:session_id`. */
export function documentedRoutes(dialect: string): string[] {
  const readme = new URL(`../../src/dialects/${dialect}/README.md`, import.meta.url);
  const rows = readFileSync(readme, 'utf8').matchAll(/^\| `((?:GET|POST|PUT|PATCH|DELETE) \/\S*)` \|/gm);
  return [...rows].map(([, route]) => route ?? '');
}

/** The text of a dialect's suite. */
export function suiteOf(dialect: string): string {
  const folder = new URL(`./${dialect}/`, import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');
}

/** Every route that a dialect serves, but HEAD twins. */
export async function liveRoutes(dialect: Dialect): Promise<string[]> {
  const live: string[] = [];
  const core = await openTempCore();
  const app = await createTestApp({
    parts: [
      (scope) => {
        scope.addHook('onRoute', ({ method, url }) => {
          for (const one of [method].flat()) if (one !== 'HEAD') live.push(`${one} ${url}`);
        });
        return mountDialects(scope, { core: core.core, dialects: [dialect] });
      },
    ],
  });
  await app.close();
  await core.dispose();
  return live;
}

/** The README says `:chat_id`, the code `:chatId(…)`: both are `:id`, sorted. */
export const plainRoutes = (routes: readonly string[]): string[] =>
  routes.map((route) => route.replace(/:\w+(\([^)]*\))?/g, ':id')).toSorted();
