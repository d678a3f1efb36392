import { describe, expect, it } from 'vitest';
import { calculate } from './arithmetic.ts';

describe('arithmetic', () => {
  it.each([
    ['2 + 2', 4],
    ['2+3*4', 14],
    ['(2 + 3) * 4', 20],
    ['10 - 2 - 3', 5],
    ['2 ^ 3 ^ 2', 512],
    ['-2 ^ 2', -4],
    ['2 ^ -1', 0.5],
    ['2 * -3', -6],
    ['--4 + 1', 5],
    ['7 / 2', 3.5],
    ['10 % 4', 2],
    ['10 % (3 + 1)', 2],
    ['12% of 80', 9.6],
    ['50% * 8', 4],
    ['200 - 10%', 199.9],
    ['(10 + 40)% of 6', 3],
    ['1,250 + 750', 2000],
    ['.5 + 1.5', 2],
    ['3 times 4', 12],
    ['3 x 4', 12],
    ['10 divided by 4', 2.5],
    ['6 multiplied by 7', 42],
    ['2 to the power of 10', 1024],
    ['5 squared', 25],
    ['2³', 8],
    ['8 ÷ 2 × 3 − 1', 11],
  ])('%s = %d', (text, value) => {
    expect(calculate(text)).toEqual({ value });
  });

  it.each([
    ['1 / 0', 'division-by-zero'],
    ['5 % 0', 'division-by-zero'],
    ['0 ^ -1', 'division-by-zero'],
    ['1 + 2 / (3 - 3)', 'division-by-zero'],
    ['9 ^ 9 ^ 9', 'too-large'],
    ['(0 - 8) ^ 0.5', 'not-real'],
  ])('%s has no answer: %s', (text, problem) => {
    expect(calculate(text)).toEqual({ problem });
  });

  it.each([
    '',
    ' ',
    '5',
    '-5',
    '()',
    '1 +',
    '+',
    '(1 + 2',
    '1 + 2)',
    '1 2 + 3',
    '1 + x2y',
    'two plus two',
    '1 + process.exit()',
    '1;2',
    '1 + "a"',
    '('.repeat(199),
    '-'.repeat(199),
    `${'('.repeat(60)}1+1${')'.repeat(60)}`,
    '1+'.repeat(400),
  ])('%j is no calculation', (text) => {
    expect(calculate(text)).toBeUndefined();
  });
});
