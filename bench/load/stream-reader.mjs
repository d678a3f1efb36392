import { connect } from 'node:net';
import { Recording } from './recording.mjs';

const lastChunk = Buffer.from('0\r\n\r\n');

/**
 * Asks for a stream and keeps what comes, with the time of each piece. Nothing is parsed while it runs: that would take the time of
 * what is measured.
 * @param {string} url @param {{ token?: string, body?: object, accept?: string }} options without a body it is a GET
 */
export function readStream(url, { token = '', body, accept = 'text/event-stream' }) {
  const { hostname, port, host, pathname } = new URL(url);
  const text = body === undefined ? '' : JSON.stringify(body);
  const request =
    `${body === undefined ? 'GET' : 'POST'} ${pathname} HTTP/1.1\r\nhost: ${host}\r\naccept: ${accept}\r\n` +
    (token === '' ? '' : `authorization: Bearer ${token}\r\n`) +
    (body === undefined
      ? '\r\n'
      : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  /** @type {{ at: number, bytes: Buffer }[]} */
  const pieces = [];
  const socket = connect(Number(port), hostname).setNoDelay(true);
  return new Promise((resolve, reject) => {
    let askedAt = 0;
    socket.on('connect', () => {
      askedAt = performance.now();
      socket.write(request);
    });
    socket.on('data', (bytes) => {
      pieces.push({ at: performance.now(), bytes });
      if (!bytes.subarray(-lastChunk.length).equals(lastChunk)) return;
      socket.destroy();
      resolve(new StreamRecording(askedAt, pieces));
    });
    socket.on('error', reject);
    socket.on('close', () =>
      reject(new Error(`A stream broke off:\n${Buffer.concat(pieces.map((p) => p.bytes)).toString()}`)),
    );
  });
}

/** What a stream of HTTP brought, and when. */
class StreamRecording extends Recording {
  /** The body without its transfer coding. */
  body() {
    const all = Buffer.concat(this.pieces.map(({ bytes }) => bytes));
    const parts = [];
    for (let at = all.indexOf('\r\n\r\n') + 4; at < all.length;) {
      const lineEnd = all.indexOf('\r\n', at);
      const length = Number.parseInt(all.latin1Slice(at, lineEnd), 16);
      if (!(length > 0)) break;
      parts.push(all.subarray(lineEnd + 2, lineEnd + 2 + length));
      at = lineEnd + 2 + length + 2;
    }
    return Buffer.concat(parts).toString();
  }

  /** When each token of the played AI came: every token ends with the only space in it. */
  tokenTimes() {
    const times = [];
    for (const { at, bytes } of this.pieces) {
      const [deltas = ''] = bytes.toString().split(/event: reply-(?:end|error)/, 1);
      for (const [, text = ''] of deltas.matchAll(/"text":"(t[^"]*)"/g))
        for (const character of text) if (character === ' ') times.push(at);
    }
    return times;
  }

  /** All text of a reply's stream, put together from its deltas. @throws Error when it did not end well with the same text */
  replyText() {
    let text = '';
    let stored;
    for (const event of this.body().split('\n\n')) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data === undefined) continue;
      if (event.startsWith('event: text-delta')) text += JSON.parse(data).text;
      if (event.startsWith('event: reply-end')) stored = JSON.parse(data).message.text;
    }
    if (stored !== text)
      throw new Error(`A reply's stream does not hold its text:\n${this.body().slice(-2_000)}`);
    return text;
  }
}
