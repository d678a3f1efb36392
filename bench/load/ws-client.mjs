import { HttpConnection } from './http-connection.mjs';
import { SocketClient } from './socket-client.mjs';

/** As frames are written: what begins with the first, and has the second in it, is the AI's message. */
const messageStart = '{"type":"message",';
const byAi = '"sender":"ai"';
const isAnswer = (bytes) =>
  bytes.latin1Slice(0, messageStart.length) === messageStart && bytes.includes(byAi);

/** A device on `/ws`: it sends by a request, and is told of the reply on the socket. */
export class WsClient extends SocketClient {
  /** @type {HttpConnection | undefined} */
  #requests;

  /** @param {string} url @param {import('./people.mjs').Person} person */
  static async connect(url, { token }) {
    const client = await this.open(url, `/ws?token=${token}`);
    client.#requests = await HttpConnection.open(url, { token });
    return client;
  }

  /** Sends a message; resolves with all frames up to its reply's. @param {string} chatUuid @param {string} content */
  async send(chatUuid, content) {
    const [record] = await Promise.all([
      this.ask(undefined, isAnswer),
      this.#requests?.json('POST', `/chats/${chatUuid}/messages/`, { content }),
    ]);
    return record;
  }

  close() {
    this.#requests?.close();
    super.close();
  }
}

/** Whether the last frame of a record is a reply of this text. @param {import('./recording.mjs').Recording} record @param {string} text */
export const isWhole = ({ pieces }, text) =>
  JSON.parse(pieces.at(-1)?.bytes.toString() ?? '{}').data?.content === text;
