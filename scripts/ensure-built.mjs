import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { bundle } from './bundle.mjs';
import { root, runStep, stop } from './run-step.mjs';

const stamp = 'dist/.built-from';

/**
 * Bundles `src/` into `dist/`, unless `dist/` was made from exactly these files. A failed build leaves `dist/` as it was. Types are the
 * business of `npm run check`: they need packages that only development installs.
 */
export async function ensureBuilt({ always = false } = {}) {
  const sources = digestSources();
  if (!always && readText(stamp) === sources) return;
  try {
    await runStep('Building', () => build(sources));
  } catch (error) {
    stop('The build failed for the reason above.', error);
  }
}

async function build(sources) {
  const draft = `dist.${process.pid}`;
  try {
    await bundle({ root, folder: draft });
    writeFileSync(`${root}${draft}/${stamp.slice('dist/'.length)}`, sources);
    rmSync(`${root}dist`, { recursive: true, force: true });
    renameSync(`${root}${draft}`, `${root}dist`);
  } finally {
    rmSync(`${root}${draft}`, { recursive: true, force: true });
  }
}

/** By content: times of change differ between clones, copies and container layers. */
function digestSources() {
  const files = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .toSorted();
  const bundling = ['../package-lock.json', '../scripts/bundle.mjs', '../scripts/undici-parts.mjs'];
  const hash = createHash('sha1');
  for (const file of [...bundling, ...files])
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(`${root}src/${file}`))
      .update('\0');
  return hash.digest('hex');
}

function readText(file) {
  try {
    return readFileSync(`${root}${file}`, 'utf8');
  } catch {
    // Not built yet.
    return undefined;
  }
}
