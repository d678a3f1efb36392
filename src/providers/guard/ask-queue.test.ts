import { expect, it } from 'vitest';
import { AskQueue } from './ask-queue.ts';

/** Somebody who enters, and what he was told on the way. */
function comeTo(queue: AskQueue) {
  const told: number[] = [];
  const abort = new AbortController();
  const enter = async () => {
    for await (const position of queue.enter(abort.signal)) told.push(position);
    return 'in' as const;
  };
  return { told, entered: enter(), leave: () => queue.leave(), giveUp: () => abort.abort(new Error('gone')) };
}

/** Lets everybody who was told something say so. */
const allHeard = () => new Promise((resolve) => void setImmediate(resolve));

it('lets so many in at once, and the others in the order in which they came', async () => {
  const queue = new AskQueue({ concurrency: 2, waiting: 9 });
  const people = Array.from({ length: 5 }, () => comeTo(queue));
  await Promise.all([people[0]?.entered, people[1]?.entered]);
  await allHeard();
  expect(queue).toMatchObject({ asking: 2, waiting: 3 });
  for (const [index, one] of people.entries()) {
    expect(await one.entered).toBe('in');
    one.leave();
    await allHeard();
    expect(one.told).toEqual([[], [], [1], [2, 1], [3, 2, 1]][index]);
  }
  expect(queue).toMatchObject({ asking: 0, waiting: 0 });
});

it('moves everybody up where one gives up, also one who has just been let in', async () => {
  const queue = new AskQueue({ concurrency: 1, waiting: 9 });
  const [first, second, third, fourth] = [comeTo(queue), comeTo(queue), comeTo(queue), comeTo(queue)];
  await first.entered;
  await allHeard();
  second.giveUp();
  await expect(second.entered).rejects.toThrow('gone');
  await allHeard();
  expect(third.told).toEqual([2, 1]);
  first.leave();
  third.giveUp();
  await expect(third.entered).rejects.toThrow('gone');
  expect(await fourth.entered).toBe('in');
  fourth.leave();
  expect(queue).toMatchObject({ asking: 0, waiting: 0 });
});

it('turns away whom it has no room for', async () => {
  const queue = new AskQueue({ concurrency: 1, waiting: 1 });
  const [first, second, third] = [comeTo(queue), comeTo(queue), comeTo(queue)];
  await expect(third.entered).rejects.toMatchObject({ code: 'ai-busy', retryAfterSeconds: 5 });
  await first.entered;
  first.leave();
  expect(await second.entered).toBe('in');
});

it('keeps nobody where there is no bound', async () => {
  const queue = new AskQueue({ concurrency: undefined, waiting: 0 });
  const people = Array.from({ length: 100 }, () => comeTo(queue));
  for (const { entered } of people) expect(await entered).toBe('in');
});
