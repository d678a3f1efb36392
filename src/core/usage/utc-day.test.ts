import { expect, it } from 'vitest';
import { type Day, daysAfter, nextDay, parseDay, utcDay } from './utc-day.ts';

it('a day is that of UTC, and ends at midnight', () => {
  expect(utcDay(new Date('2026-01-31T23:59:59.999Z'))).toBe('2026-01-31');
  expect(utcDay(new Date('2026-02-01T00:00:00.000Z'))).toBe('2026-02-01');
  expect(nextDay(new Date('2026-01-31T23:59:59.999Z'))).toEqual(new Date('2026-02-01T00:00:00.000Z'));
  expect(nextDay(new Date('2026-02-01T00:00:00.000Z'))).toEqual(new Date('2026-02-02T00:00:00.000Z'));
  expect(daysAfter('2026-03-01' as Day, -1)).toBe('2026-02-28');
});

it.each(['2026-02-30', '2026-1-1', '2026-01-01T00:00:00Z', '', 'today', '0000-00-00', '+02026-01-01'])(
  '%j is no day',
  (text) => {
    expect(parseDay(text)).toBeUndefined();
  },
);

it('any other is', () => {
  expect(parseDay('2024-02-29')).toBe('2024-02-29');
});
