import type { ReplyEvent } from '../events.ts';
import type { Reply } from './reply.ts';

export type ReplyEnd = Extract<ReplyEvent, { type: 'reply-end' }>;

/**
 * The committed text of a reply that this process writes. Readers keep their own position and pull: a slow one costs no memory,
 * and what it missed reaches it as one piece.
 */
export class LiveReply {
  readonly reply: Reply;
  /** The length of the committed text, in UTF-16 code units. */
  length = 0;
  end: ReplyEnd | undefined;
  /** True when this process may no longer write it: the truth is in the database alone. */
  abandoned = false;

  #chunks: string[] = [];
  #starts: number[] = [];
  #waiting: (() => void)[] = [];

  constructor(reply: Reply) {
    this.reply = reply;
  }

  /** Shows text. Call it after the commit, never before. */
  append(text: string): void {
    this.#starts.push(this.length);
    this.#chunks.push(text);
    this.length += text.length;
    this.#wake();
  }

  finish(end: ReplyEnd): void {
    this.end = end;
    this.#wake();
  }

  abandon(): void {
    this.abandoned = true;
    this.#wake();
  }

  /** The committed text from a position to the end. */
  textFrom(position: number): string {
    // Readers that keep up want the last chunk or two, so the search starts at the end.
    let index = this.#chunks.length - 1;
    while (index > 0 && (this.#starts[index] ?? 0) > position) index -= 1;
    const start = this.#starts[index] ?? 0;
    if (index === this.#chunks.length - 1) return (this.#chunks[index] ?? '').slice(position - start);
    return this.#chunks
      .slice(index)
      .join('')
      .slice(position - start);
  }

  /** Resolves at the next change, or when the signal aborts. */
  changed(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      if (!signal) return void this.#waiting.push(resolve);
      const settle = () => {
        signal.removeEventListener('abort', settle);
        resolve();
      };
      signal.addEventListener('abort', settle, { once: true });
      this.#waiting.push(settle);
    });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
