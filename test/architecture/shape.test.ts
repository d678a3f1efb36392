import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { readModule } from './read-module.ts';
import { root, sourceFiles } from './source-files.ts';

const longestFile = 300;
const folders = ['src', 'test', 'bench', 'scripts'];
const everyFile = folders.flatMap((folder) =>
  sourceFiles(folder).map((file) => ({ ...file, path: `${folder}/${file.path}` })),
);
const product = everyFile.filter(({ path }) => path.startsWith('src/') && !path.endsWith('.test.ts'));
const paths = (files: { path: string }[]) => files.map(({ path }) => path);

describe('every file', () => {
  it(`has at most ${longestFile} lines`, () => {
    expect(paths(everyFile.filter(({ lines }) => lines > longestFile))).toEqual([]);
  });

  it('has a name in kebab case, as does its folder', () => {
    const kebab = /^([a-z0-9]+(-[a-z0-9]+)*\/)+[a-z0-9]+(-[a-z0-9]+)*(\.(test|d))?\.(ts|mts|mjs)$/;
    expect(paths(everyFile).filter((path) => !kebab.test(path))).toEqual([]);
  });

  it('is named after one thing', () => {
    const empty = /(^|[/-])((utils?|helpers?|common|managers?|services?|misc|impl)(?=[/.-])|base(?=[/.]))/;
    expect(paths(everyFile).filter((path) => empty.test(path))).toEqual([]);
  });

  it('exports names only', () => {
    const withDefault = everyFile
      .filter(({ path }) => path.endsWith('.ts'))
      .filter(({ text }) => readModule(text).hasDefaultExport);
    expect(paths(withDefault)).toEqual([]);
  });
});

describe('the product', () => {
  const sizes = product.map(({ lines }) => lines).toSorted((one, other) => one - other);
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0;

  it(`is made of small files: ${sizes.length} with a median of ${median} lines`, () => {
    expect(median).toBeGreaterThanOrEqual(30);
    expect(median).toBeLessThanOrEqual(75);
  });

  it('has its unit tests beside what they test', () => {
    const strays = paths(everyFile)
      .filter((path) => path.startsWith('src/') && path.endsWith('.test.ts'))
      .map((path) => path.replace(/\.test\.ts$/, ''))
      .filter((path) => !existsSync(`${root}${path}.ts`) && !existsSync(`${root}${path}`));
    expect(strays).toEqual([]);
  });

  it('has index files for its lists only', () => {
    const lists = /^src\/(dialects\/([a-z-]+\/)?|providers\/|api\/)index\.ts$/;
    const indexes = paths(product).filter((path) => basename(path) === 'index.ts');
    expect(indexes.filter((path) => !lists.test(path))).toEqual([]);
  });

  it('reads the environment in one place', () => {
    const readers = product.filter(({ text }) => /\bprocess\.env\b|from 'node:process'/.test(text));
    expect(paths(readers)).toEqual(['src/config.ts']);
  });
});

describe('every dialect', () => {
  const dialects = readdirSync(`${root}src/dialects`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'kit')
    .map((entry) => entry.name);

  it.each(dialects)('has the same parts: %s', (name) => {
    const parts = readdirSync(`${root}src/dialects/${name}`);
    expect(parts).toEqual(expect.arrayContaining(['README.md', 'index.ts', 'wire.ts', 'errors.ts']));
  });

  it.each(dialects)('is one flat folder: %s', (name) => {
    const nested = paths(product).filter(
      (path) => path.startsWith(`src/dialects/${name}/`) && dirname(path) !== `src/dialects/${name}`,
    );
    expect(nested).toEqual([]);
  });
});
