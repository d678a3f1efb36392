import { onlyModel } from '../../src/core/models.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from '../../src/api/index.ts';
import { dialects } from '../../src/dialects/index.ts';
import { contestedRoutes } from '../../src/dialects/kit/contested-routes.ts';
import { createSseStreams } from '../../src/realtime/sse.ts';
import { liveRoutes, plainRoutes } from '../conformance/dialect-routes.ts';
import { createTestApp } from '../http/test-app.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';
import { cellsOf, readTable, readText } from './read-table.ts';

const markdown = readText('docs/dialects.md');
const tables = ['accounts', 'chats', 'messages', 'others'];
const rows = tables.flatMap((name) => readTable(markdown, name).map(cellsOf));
const columns = [...dialectsOf(markdown), '/api/v1'];
const namesIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '');

/** Endpoints by what they are called in every column, whatever their parameters are called, without a slash at their end. */
const comparable = (routes: readonly string[]) => [
  ...new Set(plainRoutes(routes).map((route) => route.replace(/\/$/, ''))),
];
const documented = (column: string) =>
  comparable(rows.flatMap((cells) => namesIn(cells[2 + columns.indexOf(column)] ?? '')));

let temporary: TempCore;
beforeAll(async () => {
  temporary = await openTempCore();
});
afterAll(() => temporary.dispose());

describe('docs/dialects.md', () => {
  it('has a column for every dialect, and for the own API', () => {
    expect(columns.toSorted()).toEqual([...dialects.map(({ name }) => name), '/api/v1'].toSorted());
  });

  it.each(dialects)('has every endpoint of $name, and no other', async (dialect) => {
    expect(documented(dialect.name)).toEqual(comparable(await liveRoutes(dialect)));
  });

  it('has every endpoint of /api/v1, and no other', async () => {
    const { core, ai } = temporary;
    const live: string[] = [];
    const streams = createSseStreams({ sessions: core.sessions });
    const app = await createTestApp({
      parts: [
        (scope) => {
          scope.addHook('onRoute', ({ method, url }) => {
            for (const one of [method].flat()) if (one !== 'HEAD') live.push(`${one} ${url}`);
          });
          return api(scope, { core, models: onlyModel(ai), streams });
        },
      ],
    });
    await app.close();
    expect(documented('/api/v1')).toEqual(comparable(live));
  });

  it('gives every use case a name of its own, and functions that the core has', () => {
    const words = rows.map(([name]) => name);
    expect(new Set(words).size).toBe(words.length);
    const functions = rows.flatMap(([, cell = '']) => namesIn(cell));
    const { core } = temporary;
    const known = Object.entries(core).flatMap(([noun, verbs]) =>
      Object.keys(verbs).map((verb) => `${noun}.${verb}`),
    );
    expect(functions.filter((name) => !known.includes(name))).toEqual([]);
    expect(functions.length).toBeGreaterThan(20);
  });

  it('tells every route that is claimed twice', () => {
    const told = [...markdown.matchAll(/^\| `([A-Z]+ \/\S+)` \| `(\S+)`, `(\S+)` \|/gm)].map((match) =>
      match.slice(1),
    );
    const declared = contestedRoutes.map(({ method, path, between }) => [`${method} ${path}`, ...between]);
    expect(told).toEqual(declared);
  });

  it('leads to every dialect’s own page', () => {
    for (const { name } of dialects) expect(markdown).toContain(`(../src/dialects/${name}/README.md)`);
  });
});

/** The names at the head of the first table of use cases. */
function dialectsOf(text: string): string[] {
  const head = /^\| use case \| core \|(.+)\|$/m.exec(text)?.[1] ?? '';
  return [...head.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name ?? '');
}
