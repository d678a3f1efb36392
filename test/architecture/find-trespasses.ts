import { dirname, normalize } from 'node:path/posix';
import { layerOf, ruleOf } from './layers.ts';
import type { Rule } from './layers.ts';
import { readModule } from './read-module.ts';
import type { Request } from './read-module.ts';

/** What a module under `src/` asks for and may not have; one sentence each. */
export function findTrespasses(path: string, source: string): string[] {
  const layer = layerOf(path);
  const rule = ruleOf(layer);
  if (rule === undefined) return [`${path}: "${layer}" has no row in test/architecture/layers.ts`];
  return readModule(source).requests.flatMap((request) => {
    const problem = problemOf({ path, layer, rule }, request);
    return problem === undefined ? [] : [`${path}: ${layer} ${problem}`];
  });
}

type Asker = { path: string; layer: string; rule: Rule };

function problemOf({ path, layer, rule }: Asker, { specifier, form }: Request): string | undefined {
  if (specifier === undefined) return `loads a module whose name is computed (${form})`;
  if (specifier.startsWith('node:')) return undefined;
  if (!specifier.startsWith('.'))
    return matches(rule.packages, packageOf(specifier)) ? undefined : `may not use the package ${specifier}`;
  const target = normalize(`${dirname(path)}/${specifier}`);
  // The one fact that the product knows from outside of itself is what it is called there.
  if (path === 'version.ts' && target === '../package.json') return undefined;
  if (target.startsWith('..')) return `may not leave src/ for ${specifier}`;
  const wanted = layerOf(target);
  return wanted === layer || matches(rule.layers, wanted) ? undefined : `may not import ${target}`;
}

const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** `*` stands for one part of a name; alone, for everything. */
const matches = (allowed: readonly string[], name: string) =>
  allowed.some(
    (pattern) =>
      pattern === '*' ||
      pattern === name ||
      (pattern.endsWith('/*') && name.startsWith(pattern.slice(0, -1)) && name !== 'dialects/kit'),
  );
