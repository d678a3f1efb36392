import { SocketClient } from './socket-client.mjs';

const ping = 0x32;
const isConnected = (bytes) => bytes.subarray(0, 2).equals(connect);
const connect = Buffer.from('40');
const tokenEvent = '42["message_token",';
const completeEvent = '42["message_complete",';
const errorEvent = '42["error",';
const isEnd = (bytes) => {
  const name = bytes.latin1Slice(0, completeEvent.length);
  return name === completeEvent || name.startsWith(errorEvent);
};

/** A client of Socket.IO on the websocket transport, which sends messages and reads their replies. */
export class SocketIoClient extends SocketClient {
  /** @param {string} url @param {import('./people.mjs').Person} person */
  static async connect(url, { cookie }) {
    const client = await this.open(url, '/socket.io/?EIO=4&transport=websocket', { cookie });
    await client.ask('40', isConnected);
    return client;
  }

  /** Sends a message; resolves with what was said of its reply once that has ended. @param {number} chatId @param {string} message */
  send(chatId, message) {
    return this.ask(`42${JSON.stringify(['send_message', { chat_id: chatId, message }])}`, isEnd);
  }

  /** Pings are answered whatever else goes on. @param {Buffer} bytes */
  isAside(bytes) {
    if (bytes.length !== 1 || bytes[0] !== ping) return false;
    this.say('3');
    return true;
  }
}

/** What marks the first piece that has text. */
export const tokenMark = tokenEvent;

/** The tokens of a record's reply as pieces of text with their times. @param {import('./recording.mjs').Recording} record */
export const tokenPieces = ({ pieces }) =>
  pieces
    .filter(({ bytes }) => bytes.latin1Slice(0, tokenEvent.length) === tokenEvent)
    .map(({ at, bytes }) => ({ at, text: JSON.parse(bytes.toString('utf8', 2))[1].text }));

/** Whether the tokens of a record join to the text, which its end repeats. @param {import('./recording.mjs').Recording} record @param {string} text */
export function isWhole(record, text) {
  const [name, payload] = JSON.parse(record.pieces.at(-1)?.bytes.toString('utf8', 2) ?? '[]');
  if (name !== 'message_complete' || payload.full_text !== text) return false;
  return (
    tokenPieces(record)
      .map((piece) => piece.text)
      .join('') === text
  );
}
