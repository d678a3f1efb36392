import type { IncomingHttpHeaders } from 'node:http';

export type Counts = { prompt: number; completion: number };

/** How one vendor words what all of them say. */
export type Tongue = {
  /** Where its API begins on the fake. */
  base: string;
  /** Whether a path below the base asks for an answer. */
  asks(path: string): boolean;
  /** Where its models are listed, and how. */
  list: string;
  models(ids: readonly string[]): unknown;
  keyOf(headers: IncomingHttpHeaders): string | undefined;
  /** The turns of a question, and the text of the last that is the user's. */
  turnsOf(body: Record<string, unknown>): readonly unknown[];
  lastTextOf(body: Record<string, unknown>): string;
  /** What comes before the first token. */
  start: string;
  delta(text: string): string;
  reasoning(text: string): string;
  tokenFrames(from: number, to: number): Buffer;
  /** Why it ends, and what it cost where that is said in one breath. */
  finish(reason: string, counts: Counts | undefined): string;
  /** What it cost, where that is an event of its own. */
  usage?(counts: Counts): string;
  /** The last event; empty for none. */
  done: string;
  /** The first bytes of a delta, and one that is no JSON. */
  half: string;
  garbage: string;
  /** An error inside the stream, and one instead of it. */
  errorEvent(message: string): string;
  errorBody(message: string, status: number, code?: string): unknown;
};
