/** The contract's messages, encoded by hand: nothing here is shared with the code under test. */

export type ReadQuestion = { userId: string; chatId: string; message: string; firstName: string };

/** A `ChatChunk` in its frame. */
export function chunkFrame(text: string, done = false): Buffer {
  const bytes = Buffer.from(text);
  const parts = bytes.length === 0 ? [] : [Buffer.from([0x0a, ...varint(bytes.length)]), bytes];
  return frame(Buffer.concat([...parts, ...(done ? [Buffer.from([0x10, 0x01])] : [])]));
}

/** Any message in its frame: not compressed, and as long as it says, unless told otherwise. */
export function frame(message: Buffer, { flags = 0, length = message.length } = {}): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}

/** Reads a framed `ChatMessage`; undefined while bytes are missing. */
export function readQuestion(bytes: Buffer): ReadQuestion | undefined {
  if (bytes.length < 5 || bytes.length < 5 + bytes.readUInt32BE(1)) return undefined;
  const fields = ['', '', '', '', ''];
  for (let at = 5; at < bytes.length;) {
    const tag = bytes.readUInt8(at);
    const [length, start] = readVarint(bytes, at + 1);
    if ((tag & 7) !== 2) throw new Error(`A ChatMessage has no field with the tag ${tag}`);
    fields[tag >> 3] = bytes.toString('utf8', start, start + length);
    at = start + length;
  }
  const [, userId = '', chatId = '', message = '', firstName = ''] = fields;
  return { userId, chatId, message, firstName };
}

const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)];

function readVarint(bytes: Buffer, at: number): [value: number, next: number] {
  const byte = bytes.readUInt8(at);
  if (byte < 0x80) return [byte, at + 1];
  const [rest, next] = readVarint(bytes, at + 1);
  return [(byte & 0x7f) + rest * 0x80, next];
}
