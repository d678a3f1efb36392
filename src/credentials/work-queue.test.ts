import { describe, expect, test } from 'vitest';
import type { DomainError } from '../core/errors.ts';
import { createWorkQueue } from './work-queue.ts';

/** A job that ends when told to. */
const heldJob = () => {
  let end: (result: string) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const promise = new Promise<string>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  return { job: () => promise, end: (result: string) => end(result), fail: (error: Error) => fail(error) };
};

describe('work queue', () => {
  test('runs as many as allowed, in order, and never more', async () => {
    const run = createWorkQueue({ concurrency: 2, maxQueue: 100 });
    const started: number[] = [];
    let running = 0;
    let most = 0;
    const jobs = Array.from({ length: 20 }, (_, index) =>
      run(async () => {
        started.push(index);
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => setImmediate(resolve));
        running -= 1;
      }),
    );
    await Promise.all(jobs);
    expect(most).toBe(2);
    expect(started).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  test('refuses at once what finds the queue full, and takes work again when there is room', async () => {
    const run = createWorkQueue({ concurrency: 1, maxQueue: 1 });
    const first = heldJob();
    const running = run(first.job);
    const waiting = run(async () => 'second');
    let begun = false;
    const refused = run(async () => {
      begun = true;
    });
    await expect(refused).rejects.toMatchObject({
      code: 'server-busy',
      kind: 'unavailable',
      retryAfterSeconds: 1,
    } satisfies Partial<DomainError>);
    expect(begun).toBe(false);

    first.end('first');
    expect(await Promise.all([running, waiting])).toEqual(['first', 'second']);
    expect(await run(async () => 'third')).toBe('third');
  });

  test('refuses what a holder has too many of, whoever else waits, until one has ended', async () => {
    const run = createWorkQueue({ concurrency: 1, maxQueue: 100, maxPerHolder: 2 });
    const [first, second] = [heldJob(), heldJob()];
    const running = run(first.job, 'one');
    const waiting = run(second.job, 'one');
    await expect(run(async () => 'third', 'one')).rejects.toMatchObject({ code: 'server-busy' });
    const others = [run(async () => 'other', 'other'), run(async () => 'nobody')];
    first.fail(new Error('broken'));
    await expect(running).rejects.toThrow('broken');
    const next = run(async () => 'next', 'one');
    second.end('second');
    expect(await Promise.all([waiting, ...others, next])).toEqual(['second', 'other', 'nobody', 'next']);
  });

  test('a job that fails gives its place on', async () => {
    const run = createWorkQueue({ concurrency: 1, maxQueue: 1 });
    const first = heldJob();
    const failing = run(first.job);
    const next = run(async () => 'next');
    first.fail(new Error('broken'));
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('next');
  });
});
