import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import {
  closeSseServers,
  playedTimers,
  readUntil,
  serveSse as serve,
  sseActor as actor,
} from '../../test/support/sse-server.ts';
import { DomainError } from '../core/errors.ts';
import type { SseEvent } from './sse-frame.ts';

const say = (data: string, id?: string): SseEvent => ({
  event: 'say',
  data,
  ...(id === undefined ? {} : { id }),
});
afterEach(closeSseServers);

/** Events that a test hands out one by one. */
function channel() {
  const waiting: SseEvent[] = [];
  let wake: () => void = () => undefined;
  let over = false;
  const seen = { pulls: 0, aborted: false };
  return {
    seen,
    push(...events: SseEvent[]) {
      waiting.push(...events);
      wake();
    },
    finish() {
      over = true;
      wake();
    },
    async *events(signal: AbortSignal): AsyncIterable<SseEvent> {
      signal.addEventListener('abort', () => {
        seen.aborted = true;
        wake();
      });
      while (!signal.aborted) {
        const next = waiting.shift();
        if (next) {
          seen.pulls += 1;
          yield next;
        } else if (over) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

describe('what a reader gets', () => {
  test('the head, the retry hint, every event, and the end', async () => {
    const source = channel();
    const { fetch, opened } = await serve(() => ({ events: source.events, openingId: '7' }));
    source.push(say('{"n":1}', '8'), say('{"n":2}'));
    source.finish();

    const response = await fetch();

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(await response.text()).toBe(
      'retry: 1000\n\nid: 7\n\nevent: say\nid: 8\ndata: {"n":1}\n\nevent: say\ndata: {"n":2}\n\n',
    );
    expect(await opened[0]?.ending).toEqual({ reason: 'complete' });
  });

  test('events that are there together travel in one write', async () => {
    const source = channel();
    const { raw } = await serve(() => ({ events: source.events }));
    const socket = await raw();
    await readUntil(socket, 'retry');
    source.push(...Array.from({ length: 20 }, (_, n) => say(`${n}`)));

    const [chunk] = (await once(socket, 'data')) as [Buffer];

    expect(chunk.toString().match(/^event: say$/gm)).toHaveLength(20);
    // One chunk of the chunked encoding: one write.
    expect(chunk.toString().match(/^[0-9a-f]+\r$/gm)).toHaveLength(1);
  });

  test('a comment at every heartbeat', async () => {
    const played = playedTimers();
    const source = channel();
    const { raw } = await serve(() => ({ events: source.events }), { timers: played.timers });
    const socket = await raw();
    await readUntil(socket, 'retry');

    played.fire(15_000);

    expect(await readUntil(socket, ':\n\n')).toContain('\r\n:\n\n\r\n');
  });
});

describe('endings', () => {
  test('the reader leaves: the events are aborted and its place is free', async () => {
    const source = channel();
    const { raw, opened, streams } = await serve(() => ({ events: source.events }));
    const socket = await raw();
    await readUntil(socket, 'retry');
    expect(streams.count()).toBe(1);

    socket.destroy();

    expect(await opened[0]?.ending).toEqual({ reason: 'left' });
    expect(source.seen.aborted).toBe(true);
    expect(streams.count()).toBe(0);
  });

  test('the login ends: nothing more is said, and nobody listens on', async () => {
    const source = channel();
    const { raw, opened, ends } = await serve(() => ({ events: source.events }));
    const socket = await raw();
    await readUntil(socket, 'retry');

    for (const end of ends.get(actor.sessionId) ?? []) end();
    source.push(say('secret'));

    expect(await opened[0]?.ending).toEqual({ reason: 'revoked' });
    expect(await readUntil(socket, '0\r\n\r\n')).not.toContain('secret');
    expect(source.seen.aborted).toBe(true);
    expect(ends.get(actor.sessionId)?.size).toBe(0);
  });

  test('the login ends while the first event is awaited: an answer, not a stream', async () => {
    const source = channel();
    const { raw, ends } = await serve(() => ({ events: source.events, awaitsFirst: true }));
    const socket = await raw();

    for (const end of ends.get(actor.sessionId) ?? []) end();

    expect(await readUntil(socket, '\r\n\r\n')).toContain('HTTP/1.1 499');
  });

  test('the server stops: what was said arrives, with a hint to come back', async () => {
    const source = channel();
    const { raw, streams, opened, fetch } = await serve(() => ({ events: source.events }));
    const socket = await raw();
    await readUntil(socket, 'retry');
    source.push(say('last'));
    await readUntil(socket, 'last');

    streams.close();

    expect(await readUntil(socket, '0\r\n\r\n')).toContain('retry: 1000');
    expect(await opened[0]?.ending).toEqual({ reason: 'stopping' });
    expect((await fetch()).status).toBe(499);
  });

  test('the events break off: the stream ends and the error is told to the caller', async () => {
    const error = new Error('the database is away');
    async function* events(): AsyncIterable<SseEvent> {
      yield say('before');
      throw error;
    }
    const { fetch, opened } = await serve(() => ({ events }));

    expect(await (await fetch()).text()).toContain('before');
    expect(await opened[0]?.ending).toEqual({ reason: 'failed', error });
  });

  test('a first event that fails is an answer where it is awaited', async () => {
    // oxlint-disable-next-line require-yield
    async function* events(): AsyncIterable<SseEvent> {
      throw new DomainError('position-invalid');
    }
    const { fetch } = await serve(() => ({ events, awaitsFirst: true }));

    expect((await fetch()).status).toBe(499);
  });
});

describe('bounds', () => {
  test('a reader that does not read is not pulled for, and is cut when it takes nothing for 30 s', async () => {
    const played = playedTimers();
    const big = 'x'.repeat(32 * 1024);
    const seen = { pulls: 0 };
    async function* events(signal: AbortSignal): AsyncIterable<SseEvent> {
      while (!signal.aborted) {
        seen.pulls += 1;
        yield say(big);
      }
    }
    const { raw, opened } = await serve(() => ({ events }), { timers: played.timers });
    const socket = await raw();
    socket.pause();
    const waits = () => played.due.some(({ ms }) => ms === 30_000);
    while (!waits()) await new Promise((resolve) => setImmediate(resolve));
    const pulls = seen.pulls;

    expect(opened[0]?.response.writableLength).toBeLessThan(256 * 1024);
    played.fire(30_000);

    expect(await opened[0]?.ending).toEqual({ reason: 'stalled' });
    expect(opened[0]?.response.destroyed).toBe(true);
    expect(seen.pulls - pulls).toBeLessThanOrEqual(1);
  });

  test('a reader that pauses and reads on gets everything, in order', async () => {
    const count = 3_000;
    async function* events(): AsyncIterable<SseEvent> {
      for (let n = 0; n < count; n += 1) yield say(`${n}:${'y'.repeat(2_000)}`);
    }
    const { fetch, opened } = await serve(() => ({ events }));
    const response = await fetch();
    while ((opened[0]?.response.writableLength ?? 0) === 0)
      await new Promise((resolve) => setImmediate(resolve));

    const numbers = [...(await response.text()).matchAll(/^data: (\d+):/gm)].map(([, n]) => Number(n));

    expect(numbers).toEqual(Array.from({ length: count }, (_, n) => n));
  });

  test('a user holds so many streams and no more, until one ends', async () => {
    const source = channel();
    const { raw, fetch, opened } = await serve(() => ({ events: source.events }), {
      limits: { streamsPerUser: 2 },
    });
    const first = await raw();
    await raw();

    expect((await fetch()).status).toBe(499);
    await expect(opened[2]?.ending).rejects.toMatchObject({ code: 'too-many-readers' });

    first.destroy();
    await opened[0]?.ending;
    const leave = new AbortController();
    expect((await fetch(leave.signal)).status).toBe(200);
    leave.abort();
  });
});
