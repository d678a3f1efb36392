import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export type SourceFile = { path: string; text: string; lines: number };

/** The code under a folder of the repository; paths are relative to that folder, with slashes. */
export function sourceFiles(folder: string): SourceFile[] {
  return filesIn(folder)
    .filter((path) => /\.(ts|mts|mjs)$/.test(path))
    .map((path) => {
      const text = readFileSync(join(root, folder, path), 'utf8');
      return { path, text, lines: text.split('\n').length - 1 };
    });
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => !path.includes('node_modules/'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
