import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { DomainError } from '../../src/core/errors.ts';
import type { SessionId } from '../../src/core/sessions/session.ts';
import type { UserId } from '../../src/core/users/user.ts';
import { createSseStreams, type defaultSseLimits, type SseStreams } from '../../src/realtime/sse.ts';
import type { SseEnding, SseStream, Timers } from '../../src/realtime/sse-connection.ts';

export const sseActor = { userId: 1 as UserId, sessionId: 1 as SessionId };
const closers: (() => void)[] = [];

/** Closes every server and socket of this file. */
export function closeSseServers(): void {
  for (const close of closers.splice(0)) close();
}

/** Timers that run when the test says so. */
export function playedTimers() {
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
export async function serveSse(
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
    const ending = streams.open({ actor: sseActor, response, ...stream(opened.length) });
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
export async function readUntil(socket: Socket, wanted: string): Promise<string> {
  let text = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes(wanted)) return text;
  }
  throw new Error(`The stream ended before ${wanted}: ${text}`);
}
