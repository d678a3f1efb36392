import { createParser } from 'eventsource-parser';
import { DomainError } from '../../core/errors.ts';
import type { FinishReason } from '../../core/provider.ts';
import { readVendorError, streamFailure } from '../http/vendor-error.ts';
import { Utf8Reader } from '../stream/utf8-reader.ts';
import { WholeCharacters } from '../stream/whole-characters.ts';
import { readChoice } from './choice.ts';
import type { VendorChunk } from './choice.ts';

/** One event, or one line of it, in UTF-16 code units. */
const longestEvent = 1_048_576;
/** A whole answer, in UTF-16 code units. */
const longestAnswer = 4_194_304;

export type Usage = { promptTokens: number; completionTokens: number };

/** Turns the bytes of a vendor's stream into text, however they were cut. Never throws: `failure` says what is wrong. */
export class AnswerReader {
  failure: DomainError | undefined;
  usage: Usage | undefined;
  finishReason: FinishReason | undefined;
  /** `[DONE]` was said. */
  done = false;
  /** Tokens of any kind so far, the hidden reasoning of some models included. */
  tokens = 0;
  /** Whether anything came that this protocol knows. */
  understood = false;
  readonly #secret: string;
  readonly #bytes = new Utf8Reader();
  readonly #characters = new WholeCharacters();
  #length = 0;
  readonly #parser = createParser({
    maxBufferSize: longestEvent,
    onEvent: ({ data }) => this.#readEvent(data),
    onError: ({ type, field, value }) => {
      if (type === 'max-buffer-size-exceeded')
        this.#unreadable(new Error('An event of the stream is too long'));
      // Some servers put their failure where the protocol has `data`.
      if (type === 'unknown-field' && field === 'error') this.#readError(parseJson(value ?? ''));
    },
  });

  constructor(secret: string) {
    this.#secret = secret;
  }

  feed(chunk: Buffer): void {
    if (this.failure !== undefined || this.done) return;
    const { text, failure } = this.#bytes.read(chunk);
    try {
      this.#parser.feed(text);
      if (failure !== undefined && !this.done) this.#unreadable(failure);
    } catch (cause) {
      this.#unreadable(cause);
    }
  }

  /** A whole answer in one JSON document, from a server that does not stream. */
  feedDocument(text: string): void {
    this.#readEvent(text);
    this.finishReason ??= this.failure === undefined && this.understood ? 'other' : undefined;
  }

  /** The text since the last call. At the `end`, whatever was held back. */
  take(end = false): string {
    return this.#characters.take(end);
  }

  #readEvent(data: string): void {
    if (this.failure !== undefined || this.done) return;
    if (data === '[DONE]') {
      this.done = true;
      this.understood = true;
      return;
    }
    const chunk = parseJson(data) as VendorChunk | undefined;
    if (typeof chunk !== 'object' || chunk === null)
      return this.#unreadable(new Error('An event of the stream is no JSON object'));
    if (chunk.error !== undefined && chunk.error !== null) return this.#readError(chunk);
    const choice = readChoice(chunk);
    this.usage = choice.usage ?? this.usage;
    this.finishReason = choice.finishReason ?? this.finishReason;
    if (choice.isToken) this.tokens += 1;
    if (choice.isKnown) this.understood = true;
    if (choice.text === '') return;
    this.#length += choice.text.length;
    if (this.#length > longestAnswer) return this.#unreadable(new Error('The answer is too long'));
    this.#characters.add(choice.text);
  }

  #readError(value: unknown): void {
    this.fail(streamFailure(readVendorError(value, { status: 0, secret: this.#secret }), this.#length > 0));
  }

  /** The first failure stands. */
  fail(failure: DomainError): void {
    this.failure ??= failure;
  }

  #unreadable(cause: unknown): void {
    this.fail(new DomainError('ai-answer-unreadable', { cause }));
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
