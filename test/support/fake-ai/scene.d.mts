import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FakeScript } from './fake-ai.mjs';
import type { Tongue } from './tongues/tongue.d.mts';

/** One request on its way to an answer. */
export type Scene = {
  // The vendor's body is whatever the client sent: the fake reads it as a server in another language would.
  body: Record<string, unknown> & {
    model?: string;
    stream?: boolean;
    stream_options?: { include_usage?: boolean };
    messages?: unknown[];
  };
  tongue: Tongue;
  script: FakeScript;
  request: IncomingMessage;
  response: ServerResponse;
  ticker: { add(stream: { due: (now: number) => boolean }): void };
};
