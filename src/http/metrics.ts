import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Fanout } from '../core/ports.ts';

/** What the process counts. Labels are routes, methods, states and codes: never anything a user said or is called. */
export interface Metrics {
  /** Shows how many readers are connected, on which transport. */
  measureReaders<Transport extends string>(readers: {
    transports: readonly Transport[];
    count(transport: Transport): number;
  }): void;
  /** The same carrier, with the replies that pass counted. */
  measureReplies(fanout: Fanout): Fanout;
  /** Counts and times every request of the app, by its route's pattern. */
  measureRequests(app: FastifyInstance): void;
  /** The Prometheus text. */
  text(): Promise<{ contentType: string; body: string }>;
}

const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Builds the metrics of one process, with a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: durationBuckets,
    registers,
  });
  const replies = new Counter({
    name: 'parlance_replies_total',
    help: 'Replies that have ended, by how and why',
    labelNames: ['state', 'error'] as const,
    registers,
  });
  const openReplies = new Gauge({
    name: 'parlance_replies_open',
    help: 'Replies that this process has seen begin and not end',
    registers,
  });
  const firstText = new Histogram({
    name: 'parlance_first_text_seconds',
    help: 'Time from a reply being opened to its first stored text',
    buckets: durationBuckets,
    registers,
  });

  return {
    measureReaders: ({ transports, count }) => {
      const gauge: Gauge<'transport'> = new Gauge({
        name: 'parlance_open_streams',
        help: 'Readers that are connected now',
        labelNames: ['transport'],
        registers,
        // Counted when somebody looks, not at each coming and going.
        collect: () => transports.forEach((transport) => gauge.set({ transport }, count(transport))),
      });
    },
    measureReplies: (fanout) => countReplies(fanout, { replies, openReplies, firstText }),
    measureRequests: (app) =>
      app.addHook('onResponse', (request, reply, done) => {
        const route = request.routeOptions.url ?? 'none';
        const labels = { method: request.method, route, status: reply.statusCode };
        requests.observe(labels, reply.elapsedTime / 1000);
        done();
      }),
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

type ReplyMetrics = { replies: Counter<'state' | 'error'>; openReplies: Gauge; firstText: Histogram };

function countReplies(fanout: Fanout, { replies, openReplies, firstText }: ReplyMetrics): Fanout {
  /** When the replies began that have no text yet. */
  const silent = new Map<string, number>();
  return {
    subscribe: (userId, listener) => fanout.subscribe(userId, listener),
    publishEnded: (sessionIds) => fanout.publishEnded(sessionIds),
    subscribeEnded: (listener) => fanout.subscribeEnded(listener),
    publish(userId, event) {
      if (event.type === 'text-delta') {
        const began = silent.get(event.replyUuid);
        if (began !== undefined) {
          silent.delete(event.replyUuid);
          firstText.observe((Date.now() - began) / 1000);
        }
      } else if (event.type === 'typing') {
        // Nothing that an operator needs to know.
      } else if (event.change.type === 'reply-start') {
        openReplies.inc();
        silent.set(event.change.reply.uuid, event.change.reply.createdAt.getTime());
      } else if (event.change.type === 'reply-end') {
        const { reply } = event.change;
        openReplies.dec();
        silent.delete(reply.uuid);
        replies.inc({ state: reply.state, error: reply.errorCode ?? 'none' });
      }
      fanout.publish(userId, event);
    },
  };
}
