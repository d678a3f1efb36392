import type { ServerResponse } from 'node:http';
import { DomainError } from '../core/errors.ts';
import type { Actor } from '../core/ports.ts';
import { frameOf, type SseEvent } from './sse-frame.ts';

export type SseLimits = {
  /** A comment is sent so often, so that proxies keep the connection and a dead one is noticed. */
  heartbeatMs: number;
  /** A reader that takes nothing for so long is cut. It may come back and go on. */
  stallMs: number;
  /** What is gathered for one write before the next event is pulled, in UTF-16 code units. */
  batchLength: number;
  /** How soon a reader that was sent away may come back. */
  retryMs: number;
};

/** The timers of the platform, or those of a test. */
export type Timers = Pick<typeof globalThis, 'setTimeout' | 'clearTimeout' | 'setInterval' | 'clearInterval'>;

/**
 * Why a stream is over: everything was said, the reader left, the reader took nothing for too long, its login ended,
 * the server stops, or the events broke off with an error.
 */
export type SseEnding =
  | { reason: 'complete' | 'left' | 'stalled' | 'revoked' | 'stopping' }
  | { reason: 'failed'; error: unknown };

export type SseStream = {
  actor: Actor;
  response: ServerResponse;
  /** Called once, right before the first byte, for the headers: from then on no other answer is possible. */
  onHead?: () => Record<string, number | string | string[] | undefined>;
  /** Given to the reader before any event, so that one that saw none can name its place too. */
  openingId?: string | undefined;
  /** The head waits for the first event, so that its failure can still be answered. Otherwise it is sent at once. */
  awaitsFirst?: boolean | undefined;
  /** Pulled no faster than the reader reads. Ends early when the signal aborts. */
  events(signal: AbortSignal): AsyncIterable<SseEvent>;
};

const heartbeat = ':\n\n';

/**
 * One stream being written. Events are pulled one by one, gathered while they come within one tick, and written together;
 * nothing is pulled while the reader's socket is full, so that a slow reader holds one batch and no more.
 */
export class SseConnection {
  readonly #stream: SseStream;
  readonly #limits: SseLimits;
  readonly #timers: Timers;
  readonly #abort = new AbortController();
  readonly #ended = deferred<SseEnding>();
  #ending: SseEnding | undefined;
  #gathered = '';
  #flushIsDue = false;
  #full = false;
  #drained: (() => void) | undefined;
  #headSent = false;
  #heartbeat: NodeJS.Timeout | undefined;
  #stall: NodeJS.Timeout | undefined;

  constructor(stream: SseStream, { limits, timers }: { limits: SseLimits; timers: Timers }) {
    this.#stream = stream;
    this.#limits = limits;
    this.#timers = timers;
  }

  /** Resolves when the stream is over. @throws what ends it before the head is sent, so that it can still be answered */
  async run(): Promise<SseEnding> {
    const { response } = this.#stream;
    const events = this.#stream.events(this.#abort.signal)[Symbol.asyncIterator]();
    response.on('close', this.#onLeave).on('error', this.#onLeave).on('drain', this.#onDrain);
    const first = events.next();
    try {
      if (this.#stream.awaitsFirst) await Promise.race([first, this.#ended.promise]);
      if (this.#ending) throwUnlessLeft(this.#ending);
      else this.#sendHead();
      // Not awaited: an ending must not wait for an event that may never come.
      void this.#pump(events, first);
      return await this.#ended.promise;
    } finally {
      this.finish({ reason: 'left' });
      first.catch(ignore);
      void events.return?.().catch(ignore);
    }
  }

  /** Ends the stream for a reason; the first reason counts. */
  finish(ending: SseEnding): void {
    if (this.#ending) return;
    this.#ending = ending;
    if (this.#headSent && ending.reason !== 'left') this.#endResponse(ending.reason);
    this.#gathered = '';
    this.#timers.clearInterval(this.#heartbeat);
    this.#timers.clearTimeout(this.#stall);
    // The listener for errors stays: a write that crosses a leaving reader reports itself later.
    this.#stream.response.off('close', this.#onLeave).off('drain', this.#onDrain);
    this.#abort.abort();
    this.#drained?.();
    this.#ended.resolve(ending);
  }

  #endResponse(reason: SseEnding['reason']): void {
    const { response } = this.#stream;
    // What lies in a full socket would be shown after the end of the login, or hold up a server that stops.
    const lingers = response.writableLength > 0 && (reason === 'revoked' || reason === 'stopping');
    if (lingers || reason === 'stalled') return void response.destroy();
    if (reason === 'revoked') return void response.end();
    response.end(this.#gathered + (reason === 'complete' ? '' : this.#retryHint()));
    const slow = this.#timers.setTimeout(() => response.destroy(), this.#limits.stallMs);
    response.once('close', () => this.#timers.clearTimeout(slow));
  }

  #sendHead(): void {
    const { response, onHead, openingId } = this.#stream;
    const headers = onHead?.();
    this.#headSent = true;
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    // Written by itself, the head becomes one string. Joined with what follows, Node would keep the fifty pieces it was made of.
    const { socket } = response;
    socket?.cork();
    response.flushHeaders();
    // An id without data is not dispatched, but it is what the reader names when it comes back.
    this.#gather(this.#retryHint() + (openingId === undefined ? '' : `id: ${openingId}\n\n`));
    process.nextTick(() => socket?.uncork());
    this.#heartbeat = this.#timers.setInterval(() => {
      if (!this.#full) this.#gather(heartbeat);
    }, this.#limits.heartbeatMs);
  }

  async #pump(events: AsyncIterator<SseEvent>, first: Promise<IteratorResult<SseEvent>>): Promise<void> {
    try {
      let next = await first;
      while (!next.done && !this.#ending) {
        this.#gather(frameOf(next.value));
        if (this.#full || this.#gathered.length >= this.#limits.batchLength) await this.#roomIsThere();
        next = await events.next();
      }
      this.finish({ reason: 'complete' });
    } catch (error) {
      this.finish({ reason: 'failed', error });
    }
  }

  #gather(frame: string): void {
    this.#gathered += frame;
    if (this.#flushIsDue) return;
    this.#flushIsDue = true;
    // After the microtasks of this tick: all events that are there already go out in one write.
    process.nextTick(() => {
      this.#flushIsDue = false;
      if (!this.#full) this.#flush();
    });
  }

  #flush(): void {
    if (this.#ending || this.#gathered === '') return;
    const gathered = this.#gathered;
    this.#gathered = '';
    this.#full = !this.#stream.response.write(gathered);
    if (!this.#full) return;
    this.#stall = this.#timers.setTimeout(() => this.finish({ reason: 'stalled' }), this.#limits.stallMs);
  }

  /** Resolves when the reader has taken what was written, or the stream is over. */
  async #roomIsThere(): Promise<void> {
    if (!this.#full) this.#flush();
    while (this.#full && !this.#ending) await new Promise<void>((resolve) => (this.#drained = resolve));
  }

  #onDrain = (): void => {
    this.#timers.clearTimeout(this.#stall);
    this.#full = false;
    this.#flush();
    if (!this.#full) this.#drained?.();
  };

  #onLeave = (): void => this.finish({ reason: 'left' });

  #retryHint(): string {
    return `retry: ${this.#limits.retryMs}\n\n`;
  }
}

function throwUnlessLeft({ reason }: SseEnding): void {
  if (reason === 'revoked') throw new DomainError('session-ended');
  if (reason === 'stopping') throw new DomainError('server-stopping', { retryAfterSeconds: 1 });
}

function deferred<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let settle: ((value: Value) => void) | undefined;
  const promise = new Promise<Value>((resolve) => (settle = resolve));
  return { promise, resolve: (value) => settle?.(value) };
}

const ignore = (): void => {
  // A failure after the end concerns nobody: the reader is gone.
};
