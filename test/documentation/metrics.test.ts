import { describe, expect, it } from 'vitest';
import { metricDeclarations } from '../../src/http/metric-declarations.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { cellsOf, readTable, readText } from './read-table.ts';

const markdown = readText('docs/metrics.md');
const declared = Object.values(metricDeclarations);

describe('docs/metrics.md', () => {
  it('has every metric as it is declared, in the same order, and no other', () => {
    expect(readTable(markdown, 'metrics').map(cellsOf)).toEqual(
      declared.map(({ name, type, labelNames, help }) => [
        `\`${name}\``,
        type,
        labelNames.map((label) => `\`${label}\``).join(', ') || 'none',
        help,
      ]),
    );
  });

  it('leaves out nothing that is shown but what every process of Node has', async () => {
    const metrics = createMetrics();
    metrics.measureReaders({ transports: [], count: () => 0 });
    metrics.measureProviders(() => []);
    const shown = [...(await metrics.text()).body.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
    const own = shown.filter((name) => !/^(process|nodejs)_/.test(name));
    expect(own.toSorted()).toEqual(declared.map(({ name }) => name).toSorted());
  });

  it('asks for metrics that exist', () => {
    const [, ...advice] = markdown.split('## What to look at');
    const named = [...advice.join('').matchAll(/parlance_\w+/g)].map(([name]) =>
      name.replace(/_bucket$/, ''),
    );
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !declared.some((one) => one.name === name))).toEqual([]);
  });
});
