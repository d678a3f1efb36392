import { expect, it } from 'vitest';
import type { NodeBeat } from '../store.ts';
import type { NodeId } from './reply.ts';
import { createSilentNodes } from './silent-nodes.ts';

const leaseMs = 3_000;
const dayMs = 86_400_000;
/** What the clock says when the process begins to look. */
const begin = Date.UTC(2026, 0, 1);
const beat = (id: string, at: number): NodeBeat => ({ id: id as NodeId, beatAt: new Date(begin + at) });

/** What a process sees that looks at some times, counted from its beginning. */
function watch() {
  let now = 0;
  const silent = createSilentNodes({ leaseMs, clock: () => new Date(begin + now), now: () => now });
  return {
    look: (at: number, nodes: NodeBeat[], takesMs = 0) => {
      now = at;
      return silent.look(async () => {
        now += takesMs;
        return nodes;
      });
    },
    waitMs: () => silent.waitMs(),
  };
}

it.each([0, dayMs])(
  'a node that is %i ms ahead is dead a lease after its last sign was first seen',
  async (at) => {
    const { look } = watch();
    const node = beat('a', at);
    expect(await look(0, [node])).toEqual([]);
    expect(await look(leaseMs - 1, [node])).toEqual([]);
    expect(await look(leaseMs, [node])).toEqual([node]);
  },
);

it('a node that gives signs of life lives, however wrong its clock is', async () => {
  const { look } = watch();
  for (let at = 0; at < 3 * leaseMs; at += leaseMs / 4)
    expect(
      await look(at, [beat('behind', at - dayMs), beat('ahead', at + dayMs), beat('back', -at)]),
    ).toEqual([]);
});

it('a sign that was old at the first look is waited on for half a lease', async () => {
  const { look, waitMs } = watch();
  const node = beat('a', -dayMs);
  expect(await look(100, [node])).toEqual([]);
  expect(waitMs()).toBe(leaseMs / 2);
  expect(await look(99 + leaseMs / 2, [node])).toEqual([]);
  expect(await look(100 + leaseMs / 2, [node])).toEqual([node]);
});

it('a sign that was young at the first look is waited on until it is a lease old', async () => {
  const { look, waitMs } = watch();
  const node = beat('a', -1_000);
  await look(0, [node]);
  expect(waitMs()).toBe(leaseMs - 1_000);
  expect(await look(leaseMs - 1_001, [node])).toEqual([]);
  expect(await look(leaseMs - 1_000, [node])).toEqual([node]);
  // It was told of, and is not waited for.
  expect(waitMs()).toBe(Number.POSITIVE_INFINITY);
});

it('the time that a look takes is nobody’s silence', async () => {
  const { look } = watch();
  const node = beat('a', dayMs);
  await look(0, [node], 1_000);
  expect(await look(leaseMs, [node], 5_000)).toEqual([]);
  expect(await look(1_000 + leaseMs, [node])).toEqual([node]);
});

it('a node that was away begins anew', async () => {
  const { look } = watch();
  await look(0, [beat('a', dayMs)]);
  await look(1_000, []);
  expect(await look(leaseMs, [beat('a', dayMs)])).toEqual([]);
});
