import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { sourceFiles } from './source-files.ts';

const sources = new Map(sourceFiles('src').map(({ path, text }) => [path, text]));

/** What a module cannot be loaded without: neither types nor what it loads when it comes to it. */
function needsOf(path: string): string[] {
  const text = sources.get(path) ?? '';
  const needs = text.matchAll(/^(?:import|export) (?!type )(?:[^;'"]*? from )?'([^']+)'/gm);
  return [...needs].map(([, name = '']) =>
    name.startsWith('.') ? posix.join(posix.dirname(path), name) : name,
  );
}

/** All that is loaded by loading one module. */
function loadedBy(path: string, seen = new Set<string>()): Set<string> {
  for (const need of needsOf(path)) {
    if (seen.has(need)) continue;
    seen.add(need);
    loadedBy(need, seen);
  }
  return seen;
}

const start = loadedBy('main.ts');
const isOfFew = (name: string) =>
  /^(?:@ai-sdk\/(?!provider$)|@grpc\/|compromise|afinn|@huggingface\/|unpdf|ioredis|@fastify\/swagger-ui)/.test(
    name,
  );

it('a start loads every provider, and none of the packages that only some of them need', () => {
  for (const provider of ['anthropic', 'google', 'mistral', 'grpc', 'nlp', 'transformers'])
    expect(start).toContain(`providers/${provider}.ts`);
  expect([...start].filter(isOfFew)).toEqual([]);
});

it('those packages are found where somebody loads them', () => {
  const late = ['providers/nlp/listener.ts', 'providers/grpc/open-backend.ts', 'api/docs-page.ts'].map(
    (path) => loadedBy(path),
  );
  expect(late.map((names) => [...names].some(isOfFew))).toEqual([true, true, true]);
});

it('a command that serves no HTTP loads no server', () => {
  const commands = [...sources.keys()].filter((path) => /^cli\/[^/]+$/.test(path) && path !== 'cli/serve.ts');
  expect(commands.length).toBeGreaterThan(9);
  expect(commands.filter((path) => loadedBy(path).has('fastify'))).toEqual([]);
  expect(loadedBy('cli/serve.ts')).toContain('fastify');
});
