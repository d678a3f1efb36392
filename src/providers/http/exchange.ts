import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

/** How much may wait to be read before the vendor's socket is paused. */
const longestBacklogBytes = 262_144;
/** How long, and how much, an answer that is left may go on. */
const leavingMs = 1000;
const leavingBytes = 65_536;

/** An HTTP answer whose headers are there and whose body is pulled. */
export interface Exchange {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Everything that has arrived since the last call, waiting for the first bytes; undefined at the end. Rejects when it broke off. */
  take(): Promise<Buffer[] | undefined>;
  /** Closes the connection, unless the answer has come to its end: then it is kept for the next. */
  abort(): void;
  /** All that matters has been read. The connection is kept for the next if the answer ends shortly, and closed if not. */
  leave(): void;
}

/** Sends a request. Rejects with what the network said, or with the signal's reason as soon as it is aborted. */
export const openExchange = (
  agent: Dispatcher,
  request: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<Exchange> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    agent.dispatch(request, new Handler({ resolve, reject, signal }));
  });

type Opening = { resolve(exchange: Exchange): void; reject(reason: unknown): void; signal: AbortSignal };

/** Undici's own callbacks, without the streams that it can put between: this is passed for every token. */
class Handler implements Dispatcher.DispatchHandler, Exchange {
  status = 0;
  headers: IncomingHttpHeaders = {};
  readonly #opening: Opening;
  #controller: Dispatcher.DispatchController | undefined;
  #chunks: Buffer[] = [];
  #backlogBytes = 0;
  #ended = false;
  #leaving: NodeJS.Timeout | undefined;
  #failure: { reason: unknown } | undefined;
  #taker: { resolve(chunks: Buffer[] | undefined): void; reject(reason: unknown): void } | undefined;

  constructor(opening: Opening) {
    this.#opening = opening;
    opening.signal.addEventListener('abort', this.#onAbort);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure !== undefined) controller.abort(asError(this.#failure.reason));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
    this.#opening.resolve(this);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#backlogBytes += chunk.length;
    if (this.#leaving !== undefined) {
      if (this.#backlogBytes > leavingBytes) this.abort();
      return;
    }
    this.#chunks.push(chunk);
    if (this.#taker !== undefined) this.#give();
    else if (this.#backlogBytes > longestBacklogBytes) controller.pause();
  }

  onResponseEnd(): void {
    this.#ended = true;
    this.#release();
    this.#taker?.resolve(undefined);
    this.#taker = undefined;
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  take(): Promise<Buffer[] | undefined> {
    return new Promise((resolve, reject) => {
      this.#taker = { resolve, reject };
      if (this.#chunks.length > 0) return this.#give();
      if (this.#failure !== undefined) return reject(this.#failure.reason);
      if (this.#ended) return resolve(undefined);
    });
  }

  abort(): void {
    if (!this.#ended) this.#fail(new Error('The answer is no longer wanted'));
  }

  leave(): void {
    if (this.#ended || this.#failure !== undefined) return;
    this.#chunks = [];
    this.#backlogBytes = 0;
    this.#leaving = setTimeout(() => this.abort(), leavingMs).unref();
    if (this.#controller?.paused === true) this.#controller.resume();
  }

  #release(): void {
    clearTimeout(this.#leaving);
    this.#opening.signal.removeEventListener('abort', this.#onAbort);
  }

  #give(): void {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#backlogBytes = 0;
    this.#taker?.resolve(chunks);
    this.#taker = undefined;
    if (this.#controller?.paused === true) this.#controller.resume();
  }

  readonly #onAbort = (): void => this.#fail(this.#opening.signal.reason);

  #fail(reason: unknown): void {
    if (this.#failure !== undefined || this.#ended) return;
    this.#failure = { reason };
    this.#release();
    this.#opening.reject(reason);
    this.#taker?.reject(reason);
    this.#taker = undefined;
    if (this.#controller?.aborted === false) this.#controller.abort(asError(reason));
  }
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
