import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '../server-process.ts';
import { writeTinyModel } from './write-tiny-model.ts';

/** A folder with the tiny model in it, under other names too, and a stand-in for the library, and their removal. */
export function playLocalModels(others: readonly string[] = []): {
  packageDir: string;
  modelsDir: string;
  remove(): void;
} {
  const { folder, remove } = temporaryFolder();
  const modelsDir = join(folder, 'models');
  for (const name of ['tiny', ...others]) writeTinyModel(join(modelsDir, name));
  writeTinyModel(join(modelsDir, 'maker', 'plain'), { canChat: false });
  const installed = join(folder, 'transformers', 'node_modules', '@huggingface', 'transformers');
  mkdirSync(installed, { recursive: true });
  copyFileSync(join(import.meta.dirname, 'stand-in.cjs'), join(installed, 'index.cjs'));
  writeFileSync(join(installed, 'package.json'), JSON.stringify({ main: 'index.cjs' }));
  return { packageDir: join(folder, 'transformers'), modelsDir, remove };
}

/** Where `.ci/run` installs the real library, outside of what everybody has to install; undefined where it is not. */
export function realLibrary(): string | undefined {
  const caches = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = process.env['TRANSFORMERS_DIR'] ?? join(caches, 'parlance', 'transformers-4.3.1');
  return existsSync(join(folder, 'node_modules', '@huggingface', 'transformers')) ? folder : undefined;
}
