import { describe, expect, it } from 'vitest';
import { createMemoryCounters } from './memory-counters.ts';

const open = (bound?: number) => {
  let now = 1_000_000;
  return {
    counters: createMemoryCounters(() => new Date(now), bound),
    pass: (ms: number) => void (now += ms),
  };
};

describe('counters in memory', () => {
  it('count until their window is over, which begins with the first', async () => {
    const { counters, pass } = open();
    expect(await counters.add('a:1', { windowMs: 100 })).toEqual({ count: 1, endsInMs: 100 });
    pass(60);
    expect(await counters.add('a:1', { windowMs: 100, amount: 2 })).toEqual({ count: 3, endsInMs: 40 });
    expect(await counters.read('a:1')).toBe(3);
    pass(40);
    expect(await counters.read('a:1')).toBe(0);
    expect(await counters.add('a:1', { windowMs: 100 })).toEqual({ count: 1, endsInMs: 100 });
  });

  it('never fall below nothing, and forget when asked', async () => {
    const { counters } = open();
    await counters.add('a:1', { windowMs: 100 });
    expect((await counters.add('a:1', { windowMs: 100, amount: -5 })).count).toBe(0);
    await counters.add('a:1', { windowMs: 100 });
    await counters.forget('a:1');
    expect(await counters.read('a:1')).toBe(0);
  });

  it('hold so many of a kind, and one kind pushes out nothing of another', async () => {
    const { counters } = open(3);
    await counters.add('account:ada', { windowMs: 100 });
    for (let address = 0; address < 10; address += 1)
      await counters.add(`address:${address}`, { windowMs: 100 });
    expect(await counters.read('account:ada')).toBe(1);
    expect(await counters.read('address:0')).toBe(0);
    expect(await counters.read('address:9')).toBe(1);
  });
});
