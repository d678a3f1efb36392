// npm run bench                         everything, written to bench/results/
// npm run bench -- --only first-token   some measurements (names between commas), printed and not written
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measurements } from './measurements.mjs';
import { Context } from './processes/context.mjs';
import { describeMachine } from './report/describe-machine.mjs';
import { formatRow } from './report/format-row.mjs';
import { writeResults } from './report/write-results.mjs';

const { values } = parseArgs({ options: { only: { type: 'string' }, folder: { type: 'string' } } });
const names = measurements.map(({ name }) => name);
const wanted = values.only?.split(',') ?? names;
const unknown = wanted.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`There is no measurement "${unknown}"; there are ${names.join(', ')}.`);
  process.exit(1);
}

// Beside the repository's own data by choice: the disk is part of what is measured.
const folder = mkdtempSync(join(values.folder ?? tmpdir(), 'parlance-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const machine = describeMachine(folder);
console.log(machine.sentence);
const results = [];
for (const { name, about, run } of measurements.filter((one) => wanted.includes(one.name))) {
  console.log(`\n${name}: ${about}`);
  const context = new Context(folder);
  const started = performance.now();
  try {
    const rows = await run(context);
    for (const row of rows) console.log(`  ${formatRow(row)}`);
    results.push({ name, about, seconds: Math.round((performance.now() - started) / 1_000), rows });
  } finally {
    await context.close();
  }
}
if (values.only === undefined) console.log(`\nWritten to ${writeResults({ machine, results })}`);
