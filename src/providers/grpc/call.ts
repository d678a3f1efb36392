import type { ClientReadableStream, Metadata, ServiceError, StatusObject } from '@grpc/grpc-js';
import { WholeCharacters } from '../stream/whole-characters.ts';
import type { ChatChunk__Output } from './ai-backend-proto.ts';

/** Above this much unread text the backend has to wait. */
const unreadLimit = 64 * 1024;
/** How long a backend that has said `done` may take to end its stream. */
const closingMs = 1_000;

/** One question on its way: collects what arrives until it is taken. */
export class Call {
  readonly #stream: ClientReadableStream<ChatChunk__Output>;
  readonly #text = new WholeCharacters();
  #unread = 0;
  #news: (() => void) | undefined;
  #closing: NodeJS.Timeout | undefined;
  #isRead = false;
  #status: StatusObject | undefined;
  /** Who has begun to answer; a stranger is a proxy or a web server in the backend's place. */
  answeredBy: 'nobody' | 'stranger' | 'backend' = 'nobody';
  /** How many chunks with text have come. */
  chunks = 0;
  /** Whether the backend has said that its answer is complete. */
  isDone = false;

  constructor(stream: ClientReadableStream<ChatChunk__Output>) {
    this.#stream = stream;
    stream.on('metadata', (metadata: Metadata) => {
      const [type] = metadata.get('content-type');
      this.answeredBy = String(type).startsWith('application/grpc') ? 'backend' : 'stranger';
    });
    stream.on('data', (chunk: ChatChunk__Output) => this.#take(chunk));
    stream.on('status', (status: StatusObject) => {
      this.#status = status;
      this.#wake();
    });
    stream.on('end', () => {
      this.#isRead = true;
      this.#wake();
    });
    stream.on('error', (_error: ServiceError) => {
      // The status says the same; without a listener it would be thrown.
    });
  }

  /** How it ended; undefined as long as there is more to read. */
  get status(): StatusObject | undefined {
    return this.#isRead ? this.#status : undefined;
  }

  onceOver(listener: () => void): void {
    this.#stream.once('status', listener);
  }

  /** What has come since the last time. At the `end`, all of it. */
  take(end: boolean): string {
    this.#unread = 0;
    if (this.#stream.isPaused()) this.#stream.resume();
    return this.#text.take(end);
  }

  /** Resolves when something has come, or at once when it is over. Rejects with the signal's reason. */
  async next(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#unread > 0 || this.isDone || this.status !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#news = resolve;
    });
    signal.throwIfAborted();
  }

  /** The backend stops at once. */
  cancel(): void {
    clearTimeout(this.#closing);
    this.#stream.cancel();
    this.#wake();
  }

  /** What the backend still does after its answer is complete, it may finish. */
  leave(): void {
    if (this.#status !== undefined) return;
    this.#closing = setTimeout(() => this.cancel(), closingMs);
    this.#closing.unref();
    this.onceOver(() => clearTimeout(this.#closing));
    this.#stream.resume();
  }

  #take({ text, done }: ChatChunk__Output): void {
    if (this.isDone) return;
    if (text !== '') {
      this.chunks += 1;
      this.#unread += text.length;
      this.#text.add(text);
    }
    this.isDone = done;
    if (this.#unread > unreadLimit) this.#stream.pause();
    this.#wake();
  }

  #wake(): void {
    const news = this.#news;
    this.#news = undefined;
    news?.();
  }
}
