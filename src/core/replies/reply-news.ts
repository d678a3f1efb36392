import type { ReplyEvent } from '../events.ts';
import { FeedQueue } from '../feed/feed-queue.ts';
import type { Fanout, FanoutEvent } from '../ports.ts';
import type { Reply } from './reply.ts';

/** How often a reply that another process writes is looked at, when no news of it comes. */
const lookAgainMs = 250;

type Text = Extract<ReplyEvent, { type: 'text-delta' }>;
type Options = { fanout: Fanout; reply: Reply; signal: AbortSignal | undefined };

/** What other processes say of a reply, to one reader, from its making until it is left. */
export class ReplyNews {
  readonly #queue: FeedQueue;
  readonly #leaving = new AbortController();
  readonly #abort = () => this.#leaving.abort();
  readonly #signal: AbortSignal | undefined;
  readonly #unsubscribe: () => void;
  /** However much is said while the database is asked, it is asked once more for all of it. */
  #isToLook = false;

  constructor({ fanout, reply, signal }: Options) {
    this.#signal = signal;
    signal?.addEventListener('abort', this.#abort, { once: true });
    this.#queue = new FeedQueue(this.#leaving.signal);
    this.#unsubscribe = fanout.subscribe(reply.userId, (event) => {
      if (!mayConcern(reply, event)) return;
      if (event.type === 'text-delta') this.#queue.push(event);
      else this.#look(event);
    });
  }

  /** True when so much was left unread that it is lost: make another. */
  get overflown(): boolean {
    return this.#queue.overflown;
  }

  /**
   * The reply's text from a position on, as long as it follows on itself. Ends at a gap, at news of the reply, and when nothing came for
   * a while: then the database is to be asked. What is said meanwhile is kept for the next call.
   */
  async *text(after: number): AsyncGenerator<Text, void, void> {
    for (let position = after; !this.#signal?.aborted && !this.overflown;) {
      const event = this.#queue.next();
      if (event?.type === 'text-delta') {
        if (event.start > position) return;
        const text = event.text.slice(position - event.start);
        if (text !== '') yield { type: 'text-delta', start: position, text };
        position += text.length;
      } else if (event) {
        this.#isToLook = false;
        return;
      } else {
        const quiet = setTimeout(() => this.#look({ type: 'gap' }), lookAgainMs);
        await this.#queue.filled();
        clearTimeout(quiet);
      }
    }
  }

  leave(): void {
    this.#unsubscribe();
    this.#signal?.removeEventListener('abort', this.#abort);
  }

  #look(event: FanoutEvent): void {
    if (!this.#isToLook) this.#queue.push(event);
    this.#isToLook = true;
  }
}

function mayConcern(reply: Reply, event: FanoutEvent): boolean {
  if (event.type === 'text-delta') return event.replyUuid === reply.uuid;
  if (event.type === 'change')
    return event.change.type === 'reply-start' || event.change.type === 'reply-end';
  return event.type !== 'typing';
}
