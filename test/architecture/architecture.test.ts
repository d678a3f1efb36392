import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findTrespasses } from './find-trespasses.ts';
import { layerOf, layers, ruleOf } from './layers.ts';
import { readModule } from './read-module.ts';
import { root, sourceFiles } from './source-files.ts';

const isTest = (path: string) => path.endsWith('.test.ts');
const files = sourceFiles('src').filter(({ path }) => !isTest(path));

describe('the dependency rule', () => {
  it.each([...new Set(files.map(({ path }) => layerOf(path)))])('is kept by %s', (layer) => {
    const own = files.filter(({ path }) => layerOf(path) === layer);
    expect(own.flatMap(({ path, text }) => findTrespasses(path, text))).toEqual([]);
  });

  it('has no row for what is not there', () => {
    const present = new Set(files.map(({ path }) => layerOf(path)));
    const rows = Object.keys(layers).filter((layer) => !layer.endsWith('*'));
    expect(rows.filter((layer) => !present.has(layer))).toEqual([]);
  });

  it('names only packages that the product installs', () => {
    const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const named = Object.values(layers).flatMap((rule) =>
      rule.packages.filter((name) => !name.endsWith('*')),
    );
    expect([...new Set(named)].filter((name) => !Object.hasOwn(dependencies, name))).toEqual([]);
  });
});

describe('a planted trespass is caught', () => {
  it.each([
    ["import { x } from '../storage/schema.ts';", 'may not import storage/schema.ts'],
    ["import type { X } from '../http/actor.ts';", 'may not import http/actor.ts'],
    ["export { x } from '../realtime/sse.ts';", 'may not import realtime/sse.ts'],
    ["export * from '../api/index.ts';", 'may not import api/index.ts'],
    ["export type { X } from '../config.ts';", 'may not import config.ts'],
    ["import '../main.ts';", 'may not import main.ts'],
    ["const load = () => import('../cli/main.ts');", 'may not import cli/main.ts'],
    ["let x: import('../providers/index.ts').X;", 'may not import providers/index.ts'],
    ["import x = require('../version.ts');", 'may not import version.ts'],
    ["const x = require('fastify');", 'may not use the package fastify'],
    ["import Fastify\n  from 'fastify';", 'may not use the package fastify'],
    ["import { Type } from '@sinclair/typebox/value';", 'may not use the package @sinclair/typebox/value'],
    ["import '../../test/support/x.ts';", 'may not leave src/ for ../../test/support/x.ts'],
    ['const x = await import(`./${name}.ts`);', 'loads a module whose name is computed (ImportExpression)'],
  ])('in the core: %s', (source, problem) => {
    expect(findTrespasses('core/planted.ts', source)).toEqual([`core/planted.ts: core ${problem}`]);
  });

  it.each([
    ['dialects/histories/x.ts', "import '../amanda/wire.ts';"],
    ['dialects/histories/x.ts', "import '../../http/problem.ts';"],
    ['dialects/histories/x.ts', "import '../../storage/schema.ts';"],
    ['dialects/histories/x.ts', "import '../index.ts';"],
    ['dialects/kit/x.ts', "import '../histories/index.ts';"],
    ['dialects/index.ts', "import '../core/core.ts';"],
    ['api/x.ts', "import '../dialects/kit/bearer.ts';"],
    ['http/x.ts', "import '../realtime/sse.ts';"],
    ['storage/x.ts', "import 'jose';"],
  ])('in %s: %s', (path, source) => {
    expect(findTrespasses(path, source)).toHaveLength(1);
  });

  it.each([
    ['core/chats/x.ts', "import { y } from '../messages/y.ts'; import { z } from 'node:crypto';"],
    ['core/x.ts', "// import '../http/x.ts';\nconst text = `import '../http/x.ts';`;"],
    [
      'dialects/histories/x.ts',
      "import '../kit/bearer.ts'; import './wire.ts'; import '../../core/core.ts';",
    ],
    ['dialects/index.ts', "import './histories/index.ts'; import './kit/define-dialect.ts';"],
    ['http/x.ts', "import '@fastify/cors'; import 'pino';"],
    ['main.ts', "import './storage/schema.ts'; import 'anything';"],
  ])('but not what is allowed, in %s: %s', (path, source) => {
    expect(findTrespasses(path, source)).toEqual([]);
  });

  it.each(['plugins/x.ts', 'settings.ts'])('as a place without a row: %s', (path) => {
    expect(ruleOf(layerOf(path))).toBeUndefined();
    expect(findTrespasses(path, '')).toEqual([
      `${path}: "${layerOf(path)}" has no row in test/architecture/layers.ts`,
    ]);
  });
});

describe('the reader of modules', () => {
  it.each([
    'export default 1;',
    'const x = 1; export { x as default };',
    "export { default } from './x.ts';",
  ])('sees the default export in %s', (source) => {
    expect(readModule(source).hasDefaultExport).toBe(true);
  });
});
