import { DomainError } from '../../core/errors.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Patience } from '../stream/patience.ts';
import { Utf8Reader } from '../stream/utf8-reader.ts';

/** One event, in bytes. */
const longestEvent = 1_048_576;

/**
 * The bytes of an answer for a decoder that forgets what it has not given out yet as soon as its source fails. So this source never
 * fails: it ends, and `failure` says why.
 */
export class AnswerBody {
  failure: DomainError | undefined;
  /** Whether anything came at all. */
  isEmpty = true;
  readonly #exchange: Exchange;
  readonly #patience: Patience;
  readonly #bytes = new Utf8Reader();
  #eventBytes = 0;
  #lastBytes = Buffer.alloc(0);

  constructor(exchange: Exchange, patience: Patience) {
    this.#exchange = exchange;
    this.#patience = patience;
  }

  /** Pulls from the vendor as fast as it is read, and no faster. */
  open(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      { pull: (controller) => this.#pull(controller) },
      { highWaterMark: 0 },
    );
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    this.#patience.wait();
    try {
      const chunks = await this.#exchange.take();
      this.#patience.heard();
      if (chunks === undefined) return controller.close();
      this.isEmpty = false;
      for (const chunk of chunks) {
        // The decoder would pass over bytes that are no text.
        const { length, failure } = this.#bytes.read(chunk);
        const text = chunk.subarray(0, length);
        this.#requireEnd(text);
        if (length > 0) controller.enqueue(text);
        if (failure !== undefined) throw new DomainError('ai-answer-unreadable', { cause: failure });
      }
    } catch (cause) {
      this.failure = cause instanceof DomainError ? cause : new DomainError('ai-broke-off', { cause });
      controller.close();
    }
  }

  /** The decoder would keep an event without end. */
  #requireEnd(chunk: Buffer): void {
    const bytes = Buffer.concat([this.#lastBytes, chunk]);
    const end = Math.max(bytes.lastIndexOf('\n\n'), bytes.lastIndexOf('\n\r\n'), bytes.lastIndexOf('\r\r'));
    this.#eventBytes = end < 0 ? this.#eventBytes + chunk.length : bytes.length - end;
    this.#lastBytes = bytes.subarray(-2);
    if (this.#eventBytes > longestEvent)
      throw new DomainError('ai-answer-unreadable', {
        cause: new Error('An event of the stream is too long'),
      });
  }
}
