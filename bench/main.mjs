// npm run bench                         everything, written to bench/results/
// npm run bench -- --only first-token   some measurements (names between commas), printed and not written
// npm run bench -- --small              tries everything out with less, where it can be less; printed and not written
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { measurements } from './measurements.mjs';
import { Context } from './processes/context.mjs';
import { describeMachine } from './report/describe-machine.mjs';
import { formatRow } from './report/format-row.mjs';
import { writeResults } from './report/write-results.mjs';

const { values } = parseArgs({
  options: { only: { type: 'string' }, folder: { type: 'string' }, small: { type: 'boolean' } },
});
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

/** Nothing here takes as long on any machine that is worth measuring. */
const mostMinutes = 6;
const giveUp = async (name) => {
  await pause(mostMinutes * 60_000, undefined, { ref: false });
  throw new Error(`${name} took more than ${mostMinutes} minutes`);
};

const machine = describeMachine(folder);
console.log(machine.sentence);
const startedAt = performance.now();
const results = [];
for (const { name, about, run } of measurements.filter((one) => wanted.includes(one.name))) {
  console.log(`\n${name}: ${about}`);
  const context = new Context(folder, { small: values.small ?? false });
  const started = performance.now();
  try {
    const rows = await Promise.race([run(context), giveUp(name)]);
    for (const row of rows) console.log(`  ${formatRow(row)}`);
    const seconds = Math.round((performance.now() - started) / 1_000);
    results.push({ name, about, seconds, remarks: context.remarks, rows });
  } finally {
    await context.close();
  }
}
console.log(`\nMeasured for ${Math.round((performance.now() - startedAt) / 1_000)} s`);
if (values.only === undefined && !values.small)
  console.log(`Written to ${writeResults({ machine, results })}`);
