import type { ReplyEvent } from '../events.ts';
import { isHighSurrogate } from '../unicode-text.ts';
import type { Reply } from './reply.ts';

/** What a reader that is behind is given at once, in UTF-16 code units: a copy of its own, held while it does not read. */
export const readingLength = 32 * 1024;

export type ReplyEnd = Extract<ReplyEvent, { type: 'reply-end' }>;

/** What readers of a reply see whose rows went, with its chat or its chat's messages, before its end. */
export const endOfGone = (reply: Reply, endedAt: Date): ReplyEnd => ({
  type: 'reply-end',
  reply: { ...reply, state: 'stopped', messageId: null, endedAt },
  message: null,
  errorCode: null,
});

/**
 * The committed text of a reply that this process writes. Readers keep their own position and pull: a slow one costs no memory,
 * and what it missed reaches it in few pieces.
 */
export class LiveReply {
  readonly reply: Reply;
  /** The length of the committed text, in UTF-16 code units. */
  length = 0;
  end: ReplyEnd | undefined;
  /** How many are asked before it, itself included; 0 once the AI is asked. */
  queuePosition = 0;
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

  wait(position: number): void {
    this.queuePosition = position;
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

  /** The committed text from a position on, at most so much of it, and never half of a surrogate pair. */
  textFrom(position: number, most = Number.POSITIVE_INFINITY): string {
    // Readers that keep up want the last chunk or two, so the search starts at the end.
    let index = this.#chunks.length - 1;
    while (index > 0 && (this.#starts[index] ?? 0) > position) index -= 1;
    let text = (this.#chunks[index] ?? '').slice(position - (this.#starts[index] ?? 0));
    for (index += 1; index < this.#chunks.length && text.length < most; index += 1) {
      text += this.#chunks[index] ?? '';
    }
    if (text.length <= most) return text;
    return text.slice(0, isHighSurrogate(text.charCodeAt(most - 1)) ? most - 1 : most);
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
