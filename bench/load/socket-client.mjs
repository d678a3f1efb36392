import { once } from 'node:events';
import { WebSocket } from 'ws';
import { Recording } from './recording.mjs';

/**
 * One websocket whose frames are kept with the time of each. As little as possible is looked at while it runs: that would take the time
 * of what is measured.
 */
export class SocketClient {
  #socket;
  #url;
  /** @type {{ askedAt: number, pieces: { at: number, bytes: Buffer }[], isEnd: (bytes: Buffer) => boolean, resolve: (record: any) => void, reject: (error: Error) => void } | undefined} */
  #asking;

  /** @param {WebSocket} socket @param {string} url */
  constructor(socket, url) {
    this.#socket = socket;
    this.#url = url;
    socket.on('message', (bytes) => this.#hear(bytes));
    socket.on('error', (error) => this.#fail(error.message));
    socket.on('close', (code) => this.#fail(`closed with ${code}`));
  }

  /** @param {string} url of the server @param {string} path @param {Record<string, string>} [headers] */
  static async open(url, path, headers = {}) {
    const socket = new WebSocket(url.replace(/^http/, 'ws') + path, { headers, perMessageDeflate: false });
    // Before it opens: the first frame may come along with the end of the handshake.
    const client = new this(socket, path.replace(/\?.*/, ''));
    await once(socket, 'open');
    return client;
  }

  /** Says something, and keeps what comes until the frame that ends it. @param {string | undefined} frame @param {(bytes: Buffer) => boolean} isEnd */
  ask(frame, isEnd) {
    return new Promise((resolve, reject) => {
      if (this.#socket.readyState > WebSocket.OPEN) return reject(new Error(`${this.#url} is closed`));
      this.#asking = { askedAt: performance.now(), pieces: [], isEnd, resolve, reject };
      if (frame !== undefined) this.say(frame);
    });
  }

  /** @param {string} frame */
  say(frame) {
    this.#socket.send(frame);
  }

  close() {
    this.#asking = undefined;
    this.#socket.terminate();
  }

  /** A frame that belongs to no question. @param {Buffer} _bytes */
  isAside(_bytes) {
    return false;
  }

  #hear(bytes) {
    const asking = this.#asking;
    if (this.isAside(bytes) || asking === undefined) return;
    asking.pieces.push({ at: performance.now(), bytes });
    if (!asking.isEnd(bytes)) return;
    this.#asking = undefined;
    asking.resolve(new Recording(asking.askedAt, asking.pieces));
  }

  #fail(why) {
    this.#asking?.reject(new Error(`${this.#url}: ${why}`));
    this.#asking = undefined;
  }
}
