import type { Socket } from 'socket.io';
import type { Actor } from '../core/ports.ts';
import { Backlog, type EngineSocket } from './socket-io-backlog.ts';

/** How long what was said last may take to arrive, once the connection closes. */
const farewellMs = 500;

/** Who was let in, and from which network address. */
export type SocketIoEntrant = { actor: Actor; address: string };

/** One client of a Socket.IO server. */
export class SocketIoConnection {
  readonly actor: Actor;
  /** The network address that it comes from. */
  readonly address: string;
  /** Aborts when the client has gone, or is sent away. */
  readonly signal: AbortSignal;
  readonly #socket: Socket;
  readonly #raw: EngineSocket;
  readonly #backlog: Backlog;
  readonly #gone = new AbortController();

  constructor(socket: Socket, { actor, address }: SocketIoEntrant) {
    this.actor = actor;
    this.#socket = socket;
    this.#raw = socket.conn;
    this.address = address;
    this.signal = this.#gone.signal;
    this.#backlog = new Backlog(this.#raw, () => this.#cut());
    socket.once('disconnect', () => this.#gone.abort());
  }

  /** Sends an event. After the end it does nothing. A client that leaves 1 MiB unread is cut. */
  emit(event: string, payload: unknown): void {
    if (!this.signal.aborted) this.#socket.emit(event, payload);
  }

  /** Whether the client keeps up with what it is sent. */
  get hasRoom(): boolean {
    return this.#backlog.isSmall;
  }

  /** Counts text that is kept back while there is no room, so that it can go out as one piece. A client that leaves 1 MiB is cut. */
  hold(text: string): void {
    this.#backlog.hold(text.length);
  }

  /** Lets the client leave so many bytes more unread: something large is on its way. Returns the end of that. */
  allow(bytes: number): () => void {
    this.#backlog.allow(bytes);
    return () => this.#backlog.allow(-bytes);
  }

  /** Resolves when there is room again, or the client has gone; nothing counts as kept back then. */
  async room(): Promise<void> {
    while (!this.#backlog.isSmall && !this.signal.aborted) await this.#backlog.moved();
    this.#backlog.release();
  }

  /** Closes, after what was emitted; half a second later in any case. The client comes back by itself. */
  close(): void {
    this.#close(() => this.#raw.close());
  }

  /** The same for a client that has to stay away: one that is told of its end by a packet never connects again by itself. */
  dismiss(): void {
    this.#close(() => this.#socket.disconnect(true));
  }

  #close(part: () => void): void {
    if (this.signal.aborted) return;
    const { websocket } = this.#backlog;
    part();
    this.#gone.abort();
    // A client that does not answer the end of its connection would keep it open.
    const late = setTimeout(() => (websocket ? websocket.terminate() : this.#raw.close(true)), farewellMs);
    websocket?.once('close', () => clearTimeout(late));
  }

  #cut(): void {
    const { websocket } = this.#backlog;
    if (websocket) websocket.terminate();
    else this.#raw.close(true);
  }
}
