import type { Socket } from 'socket.io';

/** The connection below a client's namespace, whatever its transport. */
export type EngineSocket = Socket['conn'];

/** What one client may leave unread, in bytes. */
const limitBytes = 1024 * 1024;
const smallBytes = 64 * 1024;
/** What a packet that waits costs beside its text, and a piece of text that waits to become one. */
const packetBytes = 200;
const pieceBytes = 64;

/** The connection of the websocket transport. */
type WebSocket = {
  readonly bufferedAmount: number;
  terminate(): void;
  once(event: 'close', listener: () => void): void;
  on(event: 'ping', listener: () => void): void;
};
type Packet = { data?: { length: number } };

/** What a client was sent and has not taken yet: packets that wait for its transport, and bytes that wait for the network. */
export class Backlog {
  readonly #raw: EngineSocket;
  readonly #onOverflow: () => void;
  #waiting = 0;
  #held = 0;
  #allowed = 0;

  /** `onOverflow`: the client leaves more than 1 MiB unread, and is sent still more. */
  constructor(raw: EngineSocket, onOverflow: () => void) {
    this.#raw = raw;
    this.#onOverflow = onOverflow;
    raw.on('packetCreate', (packet: Packet) => {
      // Asked before it is added: one large reply alone cuts nobody.
      this.#check();
      this.#waiting += packetBytes + (packet.data?.length ?? 0);
    });
    raw.on('flush', () => (this.#waiting = 0));
  }

  /** Whether the client keeps up: little waits for it. */
  get isSmall(): boolean {
    return this.#size - this.#held <= smallBytes;
  }

  /** Counts a piece of text that is kept back until there is room for it. */
  hold(length: number): void {
    this.#check();
    this.#held += pieceBytes + length;
  }

  /** Lets so many bytes more wait, or, where they are negative, no longer. */
  allow(bytes: number): void {
    this.#allowed += bytes;
  }

  /** All that was kept back is kept back no more. */
  release(): void {
    this.#held = 0;
  }

  /** Undefined while the client polls. */
  get websocket(): WebSocket | undefined {
    return websocketOf(this.#raw);
  }

  /** Resolves when the transport has taken something, or is another one, or is closed. */
  moved(): Promise<void> {
    const raw = this.#raw;
    const { transport } = raw;
    return new Promise((resolve) => {
      const settle = () => {
        transport.off('ready', settle);
        raw.off('upgrade', settle);
        raw.off('close', settle);
        resolve();
      };
      transport.on('ready', settle);
      raw.on('upgrade', settle);
      raw.on('close', settle);
    });
  }

  #check(): void {
    if (this.#size > limitBytes + this.#allowed) this.#onOverflow();
  }

  get #size(): number {
    return this.#waiting + this.#held + (this.websocket?.bufferedAmount ?? 0);
  }
}

/** The websocket below a connection; undefined while its client polls. */
export function websocketOf({ transport }: EngineSocket): WebSocket | undefined {
  if (transport.name !== 'websocket') return undefined;
  // Not among the declared properties, and the only way to learn what the network has not taken.
  return (transport as unknown as { socket: WebSocket }).socket;
}
