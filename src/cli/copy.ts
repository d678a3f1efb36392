import type { Command } from 'commander';
import { copyDatabase } from '../storage/moving/copy-database.ts';
import type { Moved } from '../storage/moving/copying.ts';
import { unusedPlaceOf } from './place-of.ts';
import { showProgress } from './show-progress.ts';

type Options = { from: string; to: string };

/** `parlance copy` */
export function addCopy(program: Command): void {
  program
    .command('copy')
    .description('copy everything into an empty database of any engine, or go on with a copy that broke off')
    .requiredOption(
      '--from <url>',
      'sqlite:, postgres: or mysql: URL, or env:NAME for one in a variable; a relative file starts here, not in DATA_DIR',
    )
    .requiredOption('--to <url>', 'the same')
    .action(async ({ from, to }: Options) => {
      const [source, target] = [unusedPlaceOf('--from', from), unusedPlaceOf('--to', to)];
      const progress = showProgress('copying');
      const startedAt = performance.now();
      const moved = await copyDatabase({
        from: source,
        to: target,
        clock: () => new Date(),
        progress,
      }).finally(progress.end);
      tellMoved(moved);
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
      console.log(
        `${target.shown} holds everything that ${source.shown} does, compared row by row (${seconds} s).`,
      );
      console.log('Uploaded files are in no database: they stay where DATA_DIR or S3_URL says.');
    });
}

/** How many rows of each table there are, and the beginning of their hash. */
export function tellMoved(moved: readonly Moved[]): void {
  for (const { table, rows, hash } of moved)
    console.log(`${table.padEnd(18)}${String(rows).padStart(12)}  ${hash.slice(0, 16)}`);
}
