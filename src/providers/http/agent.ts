import { Agent } from 'undici';

/** Connections of one provider's own: their silence is no business of theirs, because `Patience` is stricter and knows what a token is. */
export const openAgent = (): Agent =>
  new Agent({
    connections: 1024,
    pipelining: 1,
    connect: { timeout: 10_000 },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
