import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The text of a file of the repository. */
export function readText(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
}

/** The rows below the head of the table that stands between `<!-- name -->` and `<!-- /name -->`. */
export function readTable(markdown: string, name: string): string[] {
  const marked = new RegExp(`<!-- ${name} -->([^]*?)<!-- /${name} -->`).exec(markdown)?.[1];
  if (marked === undefined) throw new Error(`No table between <!-- ${name} --> and <!-- /${name} -->`);
  const lines = marked.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2);
}

/** The cells of a row, without the blanks around them. */
export function cellsOf(row: string): string[] {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
