import type { FastifyInstance } from 'fastify';
import type { Log } from '../core/ports.ts';
import { closeSilentConnections } from './connections.ts';

export type ShutdownOptions = {
  /** One for each port. */
  apps: readonly FastifyInstance[];
  log: Log;
  /** Ends what would never end by itself: open readers, running replies. All are called at once. */
  drain: readonly (() => Promise<void>)[];
  /** Lets go of what requests need, in this order, when none is left: the store last. */
  close: readonly (() => Promise<void>)[];
  /** How long requests in flight may take, in milliseconds. */
  graceMs?: number;
};

/**
 * Gives the function that stops the server: no new connections, 503 for new requests on old ones, `drain`, the requests in flight
 * finish, then `close`. It resolves when all is done or the grace is over, and never rejects; a second call gives the same promise.
 */
export function createShutdown(options: ShutdownOptions): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => (stopped ??= stop(options));
}

/** How long a connection may stay silent once the server stops. */
const silenceMs = 200;

async function stop({ apps, log, drain, close, graceMs = 8_000 }: ShutdownOptions): Promise<void> {
  for (const app of apps) app.stopping = true;
  const servers = apps.map(({ server }) => server);
  const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
  // A connection becomes idle when its last answer is out; nothing tells when.
  const sweep = setInterval(() => servers.forEach((server) => server.closeIdleConnections()), 20);
  // A first request may be on its way.
  const last = setTimeout(() => apps.forEach(closeSilentConnections), silenceMs);
  const orderly = await within(graceMs, Promise.all([...closed, ...drain.map(attempt)]));
  clearInterval(sweep);
  clearTimeout(last);
  if (!orderly) {
    log.warn({ graceMs }, 'Some requests did not finish in time; their connections are cut');
    for (const server of servers) server.closeAllConnections();
  }
  const rest = async () => {
    for (const step of [...apps.map((app) => () => app.close()), ...close]) await attempt(step);
  };
  if (!(await within(800, rest()))) log.warn({}, 'Not everything could be closed in time');

  async function attempt(step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
    } catch (err) {
      log.error({ err }, 'A step of the shutdown failed');
    }
  }
}

/** Whether the work was done in time. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return done;
}

/** A terminal tells every process of a Ctrl-C, and npm tells its child once more: so close together they are one wish. */
const sameWishMs = 500;

/** SIGTERM and SIGINT stop the process in order and end it with 0; asked for again, they end it at once with 1. */
export function stopOnSignals(stop: () => Promise<void>, log: Log): void {
  let askedAt: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (askedAt !== undefined) {
      if (performance.now() - askedAt > sameWishMs) process.exit(1);
      return;
    }
    askedAt = performance.now();
    log.info({ signal }, 'Stopping');
    void stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
