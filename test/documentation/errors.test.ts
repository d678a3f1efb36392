import { describe, expect, it } from 'vitest';
import { errors } from '../../src/core/errors.ts';
import { statusOf } from '../../src/http/problem.ts';
import { cellsOf, readTable, readText } from './read-table.ts';

const markdown = readText('docs/errors.md');

describe('docs/errors.md', () => {
  it('has every code with its kind and sentence, in the order of the table, and no other', () => {
    const documented = readTable(markdown, 'errors').map((row) => cellsOf(row).slice(0, 3));
    const declared = Object.entries(errors).map(([code, { kind, message }]) => [
      `\`${code}\``,
      `\`${kind}\``,
      message,
    ]);
    expect(documented).toEqual(declared);
  });

  it('says of every code when it happens', () => {
    const silent = readTable(markdown, 'errors').filter((row) => !/\w.*\.$/.test(cellsOf(row)[3] ?? ''));
    expect(silent).toEqual([]);
  });

  it('has every kind with its status, and no other', () => {
    const documented = readTable(markdown, 'kinds').map((row) => cellsOf(row).join(' '));
    const declared = Object.entries(statusOf).map(([kind, status]) => `\`${kind}\` ${status}`);
    expect(documented.toSorted()).toEqual(declared.toSorted());
  });
});
