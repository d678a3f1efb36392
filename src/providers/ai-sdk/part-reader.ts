import type { LanguageModelV3StreamPart } from '@ai-sdk/provider';
import { DomainError } from '../../core/errors.ts';
import type { FinishReason, ProviderEvent } from '../../core/provider.ts';
import { readVendorError, streamFailure } from '../http/vendor-error.ts';
import { WholeCharacters } from '../stream/whole-characters.ts';
import type { Vendor } from './vendor.ts';

/** A whole answer, in UTF-16 code units. */
const longestAnswer = 4_194_304;

/** Takes text, end and counts out of the parts of a stream. Never throws: `failure` says what is wrong. */
export class PartReader {
  failure: DomainError | undefined;
  usage: Extract<ProviderEvent, { type: 'usage' }> | undefined;
  finishReason: FinishReason | undefined;
  /** Tokens of any kind so far, hidden reasoning included. */
  tokens = 0;
  /** Whether anything came that is JSON at all. */
  understood = false;
  readonly #vendor: Pick<Vendor, 'protocol' | 'apiKey'>;
  readonly #characters = new WholeCharacters();
  #length = 0;

  constructor(vendor: Pick<Vendor, 'protocol' | 'apiKey'>) {
    this.#vendor = vendor;
  }

  feed(part: LanguageModelV3StreamPart): void {
    if (part.type === 'raw') this.#readEvent(part.rawValue);
    else if (part.type === 'text-delta') this.#say(part.delta);
    else if (part.type === 'reasoning-delta') this.tokens += 1;
    else if (part.type === 'finish') this.#finish(part);
    else if (part.type === 'error') this.fail(unreadable('An event of the stream breaks the protocol'));
  }

  /** The text since the last call. At the `end`, whatever was held back. */
  take(end = false): string {
    return this.#characters.take(end);
  }

  /** The first failure stands. */
  fail(failure: DomainError): void {
    this.failure ??= failure;
  }

  /** Looked at before the package does, which repeats whole events in its errors. */
  #readEvent(event: unknown): void {
    if (typeof event !== 'object' || event === null) return;
    this.understood = true;
    const { error, object } = event as { error?: unknown; object?: unknown };
    if ((error ?? undefined) !== undefined || object === 'error') {
      const cause = readVendorError(event, { status: 0, secret: this.#vendor.apiKey });
      this.fail(streamFailure(cause, this.#length > 0));
    } else if (this.#vendor.protocol.saysWhyItEnds(event as Record<string, unknown>)) {
      this.finishReason ??= 'other';
    }
  }

  #say(text: string): void {
    this.tokens += 1;
    this.#length += text.length;
    if (this.#length > longestAnswer) this.fail(unreadable('The answer is too long'));
    else this.#characters.add(text);
  }

  /** The package finishes whatever happened: without a reason of the vendor's it does not count. */
  #finish({ finishReason, usage }: Extract<LanguageModelV3StreamPart, { type: 'finish' }>): void {
    if (this.finishReason !== undefined) this.finishReason = reasons.get(finishReason.unified) ?? 'other';
    const promptTokens = usage.inputTokens.total;
    const completionTokens = usage.outputTokens.total;
    if (isCount(promptTokens) && isCount(completionTokens))
      this.usage = { type: 'usage', promptTokens, completionTokens };
  }
}

const reasons: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['content-filter', 'content-filter'],
]);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const unreadable = (sentence: string): DomainError =>
  new DomainError('ai-answer-unreadable', { cause: new Error(sentence) });
