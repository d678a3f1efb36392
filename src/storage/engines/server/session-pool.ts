import { ServerFailure } from './failure.ts';
import type { ServerSession } from './session.ts';

export type SessionPoolOptions = {
  open: () => Promise<ServerSession>;
  size: number;
  /** How long one may wait for a session before it is told that the database is away. */
  maxWaitMs: number;
  /** How long a session may be of no use before it is closed. */
  idleMs: number;
};

type Waiting = { resolve: (session: ServerSession) => void; reject: (error: unknown) => void };
type Idle = { session: ServerSession; since: number };

/** A bounded number of connections, opened when first needed and lent one at a time, first come, first served. */
export class SessionPool {
  readonly #options: SessionPoolOptions;
  readonly #idle: Idle[] = [];
  readonly #waiting: Waiting[] = [];
  /** Idle ones, lent ones, and those that are being opened. */
  #count = 0;
  #closed = false;
  #whenEmpty: (() => void)[] = [];
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: SessionPoolOptions) {
    this.#options = options;
  }

  /** Gives it back with `release`. @throws ServerFailure of kind `away`, also when none was free for too long */
  acquire(): Promise<ServerSession> {
    if (this.#closed) return Promise.reject(closed());
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (idle.session.isUsable) return Promise.resolve(idle.session);
      this.#count -= 1;
    }
    const waited = this.#wait();
    this.#openForWaiting();
    return waited;
  }

  release(session: ServerSession): void {
    if (!session.isUsable) {
      session.destroy();
      this.#leave();
      return;
    }
    const next = this.#waiting.shift();
    if (next) return next.resolve(session);
    if (this.#closed) {
      void session.close();
      this.#leave();
      return;
    }
    this.#idle.push({ session, since: performance.now() });
    this.#sweep ??= setInterval(() => this.#closeIdle(), this.#options.idleMs).unref();
  }

  /** Lends no more, and resolves when all that were lent are back and closed. Who waits still gets one. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweep);
    const idle = this.#idle.splice(0);
    await Promise.all(idle.map(({ session }) => session.close()));
    for (const _ of idle) this.#leave();
    if (this.#count > 0) await new Promise<void>((resolve) => this.#whenEmpty.push(resolve));
  }

  #wait(): Promise<ServerSession> {
    return new Promise<ServerSession>((resolve, reject) => {
      const settle = () => clearTimeout(timer);
      const waiting: Waiting = {
        resolve: (session) => {
          settle();
          resolve(session);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(
          new ServerFailure('away', { code: 'POOL_TIMEOUT', message: 'No connection was free in time' }),
        );
      }, this.#options.maxWaitMs);
      this.#waiting.push(waiting);
    });
  }

  #openForWaiting(): void {
    if (this.#waiting.length === 0 || this.#count >= this.#options.size) return;
    this.#count += 1;
    this.#options.open().then(
      (session) => this.release(session),
      (error: unknown) => {
        // With no other session there is nothing to wait for. Else only the number of them may be what the server refuses.
        const told = this.#count === 1 ? this.#waiting.length : 1;
        for (const { reject } of this.#waiting.splice(0, told)) reject(error);
        this.#leave();
      },
    );
  }

  #leave(): void {
    this.#count -= 1;
    this.#openForWaiting();
    if (this.#count === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }

  /** The longest unused ones are at the front. */
  #closeIdle(): void {
    const before = performance.now() - this.#options.idleMs;
    while (this.#idle[0] && this.#idle[0].since < before) {
      void this.#idle.shift()?.session.close();
      this.#leave();
    }
    if (this.#count > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }
}

const closed = () => new ServerFailure('away', { code: 'CLOSED', message: 'The storage is closed' });
