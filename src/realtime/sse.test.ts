import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { DomainError } from '../core/errors.ts';
import type { SessionId } from '../core/sessions/session.ts';
import type { UserId } from '../core/users/user.ts';
import { createSseStreams, type defaultSseLimits, type SseStreams } from './sse.ts';
import type { SseEnding, SseStream, Timers } from './sse-connection.ts';
import type { SseEvent } from './sse-frame.ts';

const actor = { userId: 1 as UserId, sessionId: 1 as SessionId };
const say = (data: string, id?: string): SseEvent => ({
  event: 'say',
  data,
  ...(id === undefined ? {} : { id }),
});
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

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

/** Timers that run when the test says so. */
function playedTimers() {
  const due: { run: () => void; ms: number; repeats: boolean }[] = [];
  const add = (run: () => void, ms: number, repeats: boolean) => {
    const timer = { run, ms, repeats };
    due.push(timer);
    return timer;
  };
  const drop = (timer: unknown) => {
    const index = due.findIndex((one) => one === timer);
    if (index >= 0) due.splice(index, 1);
  };
  const timers = {
    setTimeout: (run: () => void, ms: number) => add(run, ms, false),
    setInterval: (run: () => void, ms: number) => add(run, ms, true),
    clearTimeout: drop,
    clearInterval: drop,
  } as unknown as Timers;
  return {
    timers,
    due,
    fire(ms: number) {
      for (const timer of due.filter((one) => one.ms === ms)) {
        if (!timer.repeats) drop(timer);
        timer.run();
      }
    },
  };
}

type Opened = { response: ServerResponse; ending: Promise<SseEnding> };

/** A real listener whose every request is one stream. */
async function serve(
  stream: (nth: number) => Pick<SseStream, 'events'> & Partial<SseStream>,
  options: { limits?: Partial<typeof defaultSseLimits>; timers?: Timers } = {},
) {
  const ends = new Map<SessionId, Set<() => void>>();
  const sessions = {
    onEnd(sessionId: SessionId, listener: () => void) {
      const listeners = ends.get(sessionId) ?? new Set();
      ends.set(sessionId, listeners.add(listener));
      return () => void listeners.delete(listener);
    },
  };
  const streams: SseStreams = createSseStreams({ sessions, ...options });
  const opened: Opened[] = [];
  const server = createServer((request, response) => {
    const ending = streams.open({ actor, response, ...stream(opened.length) });
    opened.push({ response, ending });
    ending.catch((error: unknown) => response.writeHead(error instanceof DomainError ? 499 : 500).end());
    server.emit('opened');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    streams,
    opened,
    ends,
    async raw(): Promise<Socket> {
      const arrived = once(server, 'opened');
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      closers.push(() => socket.destroy());
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await arrived;
      return socket;
    },
    fetch: (signal?: AbortSignal) => fetch(`http://127.0.0.1:${port}/`, signal ? { signal } : {}),
  };
}

/** Reads until the text holds what is wanted, and gives all of it. */
async function readUntil(socket: Socket, wanted: string): Promise<string> {
  let text = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes(wanted)) return text;
  }
  throw new Error(`The stream ended before ${wanted}: ${text}`);
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
