import { expect, test } from 'vitest';
import { BoundedMap } from './bounded-map.ts';

test('forgets the entry that was asked for least recently', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  expect(map.get('a')).toBe(1);
  expect(map.set('c', 3)).toEqual(['b', 2]);
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3]);
});

test('setting a key again makes it young and forgets nothing', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  expect(map.set('a', 10)).toBeUndefined();
  map.set('c', 3);
  expect([map.get('a'), map.get('b'), map.size]).toEqual([10, undefined, 2]);
});

test('a deleted key is gone', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1);
  map.delete('a');
  expect([map.get('a'), map.size]).toEqual([undefined, 0]);
});
