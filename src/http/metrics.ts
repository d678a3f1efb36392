import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Fanout } from '../core/ports.ts';
import { metricDeclarations as declared } from './metric-declarations.ts';
import { createReplyMetrics } from './reply-metrics.ts';

/** What an AI has to do at this moment. */
export type ProviderLoad = { provider: string; asking: number; waiting: number; isLeftAlone: boolean };

/** What the process counts. Labels are routes, methods, states, codes and names of AIs: never anything a user said or is called. */
export interface Metrics {
  /** Shows how many readers are connected, on which transport. */
  measureReaders<Transport extends string>(readers: {
    transports: readonly Transport[];
    count(transport: Transport): number;
  }): void;
  /** Shows what each AI has to do. */
  measureProviders(load: () => readonly ProviderLoad[]): void;
  /** The same carrier, with the replies that pass counted. */
  measureReplies(fanout: Fanout): Fanout;
  /** Counts what was heard or spoken, or why it was not. */
  noteVoice(half: string, error: string | null): void;
  /** Counts and times every request of the app, by its route's pattern. */
  measureRequests(app: FastifyInstance): void;
  /** The Prometheus text. */
  text(): Promise<{ contentType: string; body: string }>;
}

/** Builds the metrics of one process, with a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  const requests = new Histogram({ ...declared.requests, registers });
  const replies = createReplyMetrics({
    open: new Gauge({ ...declared.openReplies, registers }),
    ended: new Counter({ ...declared.replies, registers }),
    firstText: new Histogram({ ...declared.firstText, registers }),
    firstToken: new Histogram({ ...declared.firstToken, registers }),
    tokenRate: new Histogram({ ...declared.tokenRate, registers }),
    tokens: new Counter({ ...declared.tokens, registers }),
  });

  const voice = new Counter({ ...declared.voice, registers });

  return {
    measureReaders: ({ transports, count }) => {
      const gauge: Gauge<'transport'> = new Gauge({
        ...declared.streams,
        registers,
        // Counted when somebody looks, not at each coming and going.
        collect: () => transports.forEach((transport) => gauge.set({ transport }, count(transport))),
      });
    },
    measureProviders: (load) => {
      const questions: Gauge<'provider' | 'state'> = new Gauge({
        ...declared.asking,
        registers,
        collect: () => {
          for (const { provider, asking, waiting } of load()) {
            questions.set({ provider, state: 'answering' }, asking);
            questions.set({ provider, state: 'waiting' }, waiting);
          }
        },
      });
      const breaker: Gauge<'provider'> = new Gauge({
        ...declared.breaker,
        registers,
        collect: () => {
          for (const { provider, isLeftAlone } of load()) breaker.set({ provider }, isLeftAlone ? 1 : 0);
        },
      });
    },
    measureReplies: (fanout) => ({
      ...fanout,
      publish(userId, event) {
        replies.note(event);
        fanout.publish(userId, event);
      },
    }),
    noteVoice: (half, error) => voice.inc({ half, error: error ?? 'none' }),
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
