import { describe, expect, it } from 'vitest';
import { findAnomalies, type Operation } from './find-anomalies.ts';

const send = (text: string, startedAt: number, acknowledgedAt: number | null): Operation => ({
  kind: 'send',
  chat: 'c',
  text,
  startedAt,
  acknowledgedAt,
});
const read = (startedAt: number, ...seen: string[]): Operation => ({
  kind: 'read',
  chat: 'c',
  text: '',
  startedAt,
  acknowledgedAt: startedAt + 1,
  seen,
});
const remove = (text: string, startedAt: number, acknowledgedAt: number | null): Operation => ({
  ...send(text, startedAt, acknowledgedAt),
  kind: 'delete',
});
const three = [send('a', 0, 10), send('b', 5, 15), send('c', 20, null)];

describe('a history', () => {
  it.each([
    ['in the order of the acknowledgements', three, ['a', 'b']],
    ['in another order of what overlapped', three, ['b', 'a', 'c']],
    ['with reads that saw what was there', [...three, read(16, 'a', 'b'), read(11, 'a')], ['a', 'b', 'c']],
    ['with a message that was deleted', [...three, remove('a', 30, 40), read(50, 'b')], ['b']],
    ['with one of which nobody knows whether it was', [...three, remove('b', 30, null)], ['a', 'b']],
  ])('%s is fine', (_, history, stored) => {
    expect(findAnomalies(history, stored)).toEqual([]);
  });

  it.each([
    ['a lost message', three, ['a'], 'b is lost'],
    ['a message twice', three, ['a', 'b', 'b'], 'A message is stored twice'],
    ['a message from nowhere', three, ['a', 'b', 'x'], 'x was never sent'],
    ['an order against the acknowledgements', three, ['c', 'a', 'b'], 'c stands before'],
    [
      'a deleted message that is there',
      [...three, remove('a', 30, 40)],
      ['a', 'b'],
      'a was deleted and is there',
    ],
    ['a read that misses one', [...three, read(16, 'a')], ['a', 'b'], 'A read misses b'],
    ['a read in another order', [...three, read(30, 'b', 'a')], ['a', 'b'], 'A read shows another order'],
    [
      'a read of a deleted one',
      [...three, remove('a', 30, 40), read(50, 'a', 'b')],
      ['b'],
      'A read shows a, which was deleted',
    ],
  ])('with %s is not', (_, history, stored, anomaly) => {
    expect(findAnomalies(history, stored).join('\n')).toContain(anomaly);
  });
});
