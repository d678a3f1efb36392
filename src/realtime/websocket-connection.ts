import type { RawData, WebSocket } from 'ws';
import type { Actor } from '../core/ports.ts';
import type { SentAway } from './readers.ts';
import { TalkAllowance, type TalkLimits } from './talk-allowance.ts';

export type WebSocketLimits = TalkLimits & {
  /** The largest frame that a client may send. */
  frameBytes: number;
  /** A client that leaves more than this unread is cut at the next frame for it. */
  backlogBytes: number;
  /** Every client is asked so often whether it is there; one that did not answer the last time is cut. */
  heartbeatMs: number;
  /** How long a client may take to answer the end of its connection. */
  farewellMs: number;
};

/** What is done with what a client says. */
export type WebSocketListener = {
  /** A frame has come; undefined for a binary one. Must not throw. */
  onFrame(text: Buffer | undefined): void;
};

/** Why a server closes a connection, as codes of RFC 6455. */
const codes = { refused: 1008, restarting: 1012, 'try again later': 1013 } as const;

/** One client of a WebSocket server, from the end of its handshake on. */
export class WebSocketConnection {
  readonly actor: Actor;
  readonly #webSocket: WebSocket;
  readonly #limits: WebSocketLimits;
  readonly #gone = new AbortController();
  readonly #allowance: TalkAllowance;
  #listener: WebSocketListener | undefined;
  #answered = true;

  constructor(webSocket: WebSocket, actor: Actor, limits: WebSocketLimits) {
    this.actor = actor;
    this.#webSocket = webSocket;
    this.#limits = limits;
    this.#allowance = new TalkAllowance(limits);
    webSocket
      .on('message', this.#onMessage)
      .on('ping', this.#onPing)
      .on('pong', this.#onPong)
      .on('error', ignore)
      .once('close', this.#onClose);
  }

  /** Aborts when the client has gone, or is sent away. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** Has what the client says listened to. Call it at once: a frame without a listener is lost. */
  listen(listener: WebSocketListener): void {
    this.#listener = listener;
  }

  /** Sends a text frame; `sent` is called once the system has taken it. After the end it does nothing. */
  send(text: string, sent?: () => void): void {
    if (this.signal.aborted) return;
    // Looked at before the frame: one that is larger than the limit may go out to a client that keeps up.
    if (this.#webSocket.bufferedAmount > this.#limits.backlogBytes) return this.cut();
    this.#webSocket.send(text, (error) => {
      if (!error) sent?.();
    });
  }

  /** Closes in order, after what was sent. */
  close(reason: keyof typeof codes): void {
    if (this.signal.aborted) return;
    this.#gone.abort(over);
    this.#webSocket.close(codes[reason], reason);
  }

  /** Sends the client away. Nothing of what it has not read yet is shown after its login has ended. */
  sendAway(reason: SentAway): void {
    if (reason === 'stopping') return this.close('restarting');
    if (this.#webSocket.bufferedAmount > 0) return this.cut();
    this.close('refused');
  }

  /** Asks whether the client is there; it is cut when it did not answer the last time. */
  beat(): void {
    if (!this.#answered) return this.cut();
    this.#answered = false;
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.ping();
  }

  /** Ends the connection at once. */
  cut(): void {
    this.#gone.abort(over);
    this.#webSocket.terminate();
  }

  #onMessage = (data: RawData, isBinary: boolean): void => {
    this.#answered = true;
    if (this.signal.aborted || !this.#mayTalk()) return;
    this.#listener?.onFrame(isBinary || !Buffer.isBuffer(data) ? undefined : data);
  };

  #onPing = (): void => {
    this.#answered = true;
    this.#mayTalk();
  };

  #onPong = (): void => {
    this.#answered = true;
  };

  #onClose = (): void => this.#gone.abort(over);

  /** Counts a frame, and closes the connection of a client that sends too many. */
  #mayTalk(): boolean {
    if (this.#allowance.take()) return true;
    this.close('refused');
    return false;
  }
}

/** Made once: an abort without a reason makes an exception with a stack. */
const over = new Error('The connection is over');

const ignore = (): void => {
  // A frame that breaks the protocol, or a connection that breaks: it closes right after.
};
