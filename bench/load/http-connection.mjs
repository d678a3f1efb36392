import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * One kept connection that asks one request after the other: no parser, no pool, so that most of the machine is left to the server.
 * Understands answers with a content length, as all of ours but streams have.
 */
export class HttpConnection {
  #socket;
  #host;
  #credentials;
  /** @type {Buffer | undefined} */
  #received;
  /** @type {{ resolve: (answer: Answer) => void, reject: (error: Error) => void } | undefined} */
  #waiting;

  /** @param {import('node:net').Socket} socket @param {{ host: string } & Credentials} options */
  constructor(socket, { host, token = '', cookie = '' }) {
    this.#socket = socket;
    this.#host = host;
    this.#credentials =
      (token === '' ? '' : `authorization: Bearer ${token}\r\n`) +
      (cookie === '' ? '' : `cookie: ${cookie}\r\n`);
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('close', () => this.#waiting?.reject(closed()));
    socket.on('error', (error) => this.#waiting?.reject(error));
  }

  /** @typedef {{ token?: string, cookie?: string }} Credentials @param {string} url @param {Credentials} [credentials] */
  static async open(url, credentials = {}) {
    const { hostname, port, host } = new URL(url);
    const socket = connect(Number(port), hostname).setNoDelay(true);
    await once(socket, 'connect');
    return new HttpConnection(socket, { host, ...credentials });
  }

  /**
   * @typedef {{ status: number, body: string }} Answer
   * @param {string} method @param {string} path @param {object} [body] @returns {Promise<Answer>}
   */
  request(method, path, body) {
    const head = `${method} ${path} HTTP/1.1\r\nhost: ${this.#host}\r\n${this.#credentials}`;
    const text = body === undefined ? '' : JSON.stringify(body);
    const rest =
      body === undefined
        ? '\r\n'
        : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed || this.#socket.readableEnded) return reject(closed());
      this.#waiting = { resolve, reject };
      this.#socket.write(head + rest);
    });
  }

  /** The JSON of an answer that must be a good one. @param {string} method @param {string} path @param {object} [body] */
  async json(method, path, body) {
    const answer = await this.request(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body);
  }

  close() {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #read(bytes) {
    const received = this.#received === undefined ? bytes : Buffer.concat([this.#received, bytes]);
    this.#received = received;
    const headEnd = received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = received.latin1Slice(0, headEnd);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.#waiting?.reject(new Error(`An answer without a length:\n${head}`));
      return;
    }
    const end = headEnd + 4 + Number(length);
    if (received.length < end) return;
    this.#received = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status: Number(head.slice(9, 12)), body: received.utf8Slice(headEnd + 4, end) });
  }
}

const closed = () => new Error('The server closed the connection');

/** The body of one GET on a connection of its own. @param {string} url */
export async function get(url) {
  const { pathname, search } = new URL(url);
  const connection = await HttpConnection.open(url);
  try {
    return (await connection.request('GET', pathname + search)).body;
  } finally {
    connection.close();
  }
}
