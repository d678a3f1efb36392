import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../processes/context.mjs';
import { drawTargets } from './draw-targets.mjs';
import { formatTarget, formatValue, isMet } from './format-row.mjs';

/** Writes `latest.json`, `latest.md` and `targets.svg`, and gives the folder's name. */
export function writeResults({ machine, results }) {
  const folder = join(root, 'bench/results');
  mkdirSync(folder, { recursive: true });
  const measuredAt = new Date().toISOString();
  const targeted = results.flatMap(({ rows }) => rows).filter((row) => isMet(row) !== undefined);
  writeFileSync(
    join(folder, 'latest.json'),
    `${JSON.stringify({ measuredAt, machine, results: results.map(rounded) }, undefined, 2)}\n`,
  );
  writeFileSync(join(folder, 'targets.svg'), drawTargets(targeted));
  writeFileSync(join(folder, 'latest.md'), pageOf({ measuredAt, machine, results }));
  return 'bench/results/';
}

const rounded = ({ rows, ...result }) => ({
  ...result,
  rows: rows.map((row) => ({ ...row, value: Number(row.value.toPrecision(5)) })),
});

function pageOf({ measuredAt, machine, results }) {
  const tables = results.map(({ name, about, remarks, rows }) =>
    [
      `## ${name}`,
      '',
      [`${about[0].toUpperCase()}${about.slice(1)}.`, ...remarks].join(' '),
      '',
      '| | measured | target |',
      '| --- | ---: | ---: |',
      ...rows.map((row) => `| ${row.what} | ${formatValue(row.value)} ${row.unit} | ${targetOf(row)} |`),
    ].join('\n'),
  );
  return `# Results of \`npm run bench\`

Measured ${measuredAt} by one run. ${machine.sentence}

![Measured figures against their targets](targets.svg)

${tables.join('\n\n')}
`;
}

const targetOf = (row) => (isMet(row) === false ? `**${formatTarget(row)}**, missed` : formatTarget(row));
