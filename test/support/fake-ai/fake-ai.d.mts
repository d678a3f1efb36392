import type { IncomingHttpHeaders } from 'node:http';

/** How a request is answered. In a model's name or the last message: `fake:count=5,rate=50,fault=cut,at=2`. */
export type FakeScript = {
  /** Tokens to say. */
  count: number;
  /** Tokens per second; 0 for as fast as the client reads. */
  rate: number;
  /** The token before which a midway fault strikes. */
  at: number;
  /** An HTTP status to refuse with. */
  status: number;
  /** The `Retry-After` of a refusal, seconds or a date; empty for none. */
  retryAfter: string;
  /** A name from `faults.mjs`; empty for none. */
  fault: string;
  /** How often the same prompt meets the fault or the status before it is answered. */
  times: number;
  finish: string;
  /** Whether `[DONE]` ends the stream. */
  done: boolean;
  /** Usage is sent when `stream_options` asks for it, always or never. */
  usage: 'asked' | 'on' | 'off' | string;
  /** Every byte is its own write. */
  split: boolean;
  /** Deltas of `reasoning_content` before the first token. */
  reasoning: number;
  /** The answer's pieces, instead of `count` tokens. */
  text: readonly string[] | undefined;
};

export type FakeAiOptions = {
  /** 0, the default, takes a free one. Always on 127.0.0.1. */
  port?: number;
  models?: readonly string[];
  /** Refuses every other key with 401. */
  apiKey?: string;
  /** What requests get that ask for nothing else. */
  script?: Partial<FakeScript>;
  /** How many requests `requests` keeps. */
  kept?: number;
};

export type FakeRequest = {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** The vendor's body, as it was sent. */
  body: FakeBody;
  /** The client's port: equal for requests on the same connection. */
  port: number;
  /** `left`: the connection closed before the answer was complete. */
  ended: Promise<'answered' | 'left'>;
};

export type FakeBody = {
  model?: string;
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  max_tokens?: number;
  max_completion_tokens?: number;
  temperature?: number;
  messages?: {
    role: string;
    content: string | { type: string; text?: string; image_url?: { url: string } }[];
  }[];
};

export type FakeAi = {
  /** Where it speaks OpenAI's protocol; ends with `/v1`. */
  url: string;
  /** Where it speaks each vendor's protocol. */
  urls: Record<'openai' | 'ollama' | 'anthropic' | 'google' | 'mistral', string>;
  /** What was asked so far, oldest first. */
  requests: FakeRequest[];
  /** The next request that arrives (and is accepted). */
  nextRequest(accepts?: (request: FakeRequest) => boolean): Promise<FakeRequest>;
  /** Cuts every connection and stops listening. */
  close(): Promise<void>;
};

export function createFakeAi(options?: FakeAiOptions): Promise<FakeAi>;
/** A URL on which nobody listens. */
export function unreachableUrl(): Promise<string>;
/** The whole text that a stream of so many tokens carries. */
export function answerText(count: number): string;
