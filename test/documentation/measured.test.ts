import { describe, expect, it } from 'vitest';
import { cellsOf, readTable, readText } from './read-table.ts';

type Results = { results: { name: string; rows: { what: string; value: number }[] }[] };

const readme = readText('README.md');
const { results } = JSON.parse(readText('bench/results/latest.json')) as Results;

function valueOf(measurement: string, what: string): number {
  const rows = results.find(({ name }) => name === measurement)?.rows;
  const found = rows?.find((row) => row.what === what);
  if (!found) throw new Error(`${measurement} has not measured "${what}"`);
  return found.value;
}

/** The slowest kind of search of an engine. */
const slowestSearch = (engine: string): number => {
  const rows = results.find(({ name }) => name === 'search')?.rows ?? [];
  return Math.max(
    ...rows.flatMap(({ what, value }) =>
      what.startsWith(`${engine}: `) && what.endsWith(', p95') ? [value] : [],
    ),
  );
};

const whole = (value: number): string => Math.round(value).toLocaleString('en');
/** With three digits that say something, for what is thousands. */
const about = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 3 });
const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;
const added = (streams: string) => valueOf('first-token', `first token added, ${streams}, p50`).toFixed(1);
const growth = (what: string) => `${valueOf('scale', `${what}: time at 1,000,000 : at 1,000`).toFixed(2)} ×`;
const idle = (transport: string) =>
  whole(valueOf('idle-connections', `${transport}: memory of the whole server`));

describe('README.md', () => {
  it('quotes what the last whole run measured', () => {
    expect(readTable(readme, 'measured').map((row) => cellsOf(row)[1]?.replaceAll('*', ''))).toEqual([
      seconds(valueOf('start-and-rest', 'start on a migrated database')),
      `${whole(valueOf('start-and-rest', 'idle resident memory'))} MiB`,
      about(valueOf('tokens', 'tokens end to end')),
      `${added('1 stream')} and ${added('200 streams')} ms`,
      ['list', 'page', 'send'].map(growth).join(', '),
      `${['SQLite', 'PostgreSQL', 'MariaDB'].map((engine) => whole(slowestSearch(engine))).join(', ')} ms`,
      `${['Socket.IO', '/ws', 'SSE'].map(idle).join(', ')} MiB`,
      `${whole(valueOf('first-token', 'first token added, 200 streams, p99'))} ms`,
      whole(valueOf('mixed-work', 'mixed work')),
      `${whole(valueOf('cpu-per-token', 'CPU of the server for a token'))} µs`,
    ]);
  });

  it('compares with what was measured beside it', () => {
    const bare = about(valueOf('sends-and-lists', 'bare Fastify route'));
    const ratio = (engine: string) => valueOf('engines', `${engine} : SQLite, mixed work`).toFixed(2);
    expect(readme).toContain(`a bare Fastify route answers ${bare} times a second`);
    expect(readme).toContain(`Postgres does ${ratio('PostgreSQL')} and MariaDB ${ratio('MariaDB')} times`);
  });
});
