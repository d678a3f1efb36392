import type { Duplex } from 'node:stream';
import { pass, take } from './take.ts';
import type { Join } from './tls-relay.ts';

type Packet = { header: Buffer; body: Buffer };

const takePacket = async (stream: Duplex): Promise<Packet> => {
  const header = await take(stream, 4);
  return { header, body: await take(stream, header.readUIntLE(0, 3)) };
};

/** Sends a packet on, with its number moved. */
const send = (stream: Duplex, { header, body }: Packet, moved = 0): void => {
  stream.write(
    Buffer.concat([header.subarray(0, 3), Buffer.from([(header.readUInt8(3) + moved) & 0xff]), body]),
  );
};

/** `CLIENT_SSL`, in the second byte of what either side can do. */
const sslBit = 0x08;
const setSsl = (body: Buffer, at: number, is: boolean): void => {
  const others = body.readUInt8(at) & ~sslBit;
  body.writeUInt8(is ? others | sslBit : others, at);
};

/** The server's greeting says that it can; the client's answer breaks off after what it can do, and comes again encrypted. */
export const joinMysql: Join = async (near, far, encrypt) => {
  const greeting = await takePacket(far);
  // Behind the version and its zero: the connection's id, 8 bytes for the password, and a zero.
  setSsl(greeting.body, greeting.body.indexOf(0, 1) + 1 + 4 + 8 + 1 + 1, encrypt !== undefined);
  send(near, greeting);
  const answer = await takePacket(near);
  if (!encrypt || (answer.body.readUInt8(1) & sslBit) === 0) {
    send(far, answer);
    return pass(near, far);
  }
  const secure = await encrypt(near);
  const login = await takePacket(secure);
  setSsl(login.body, 1, false);
  send(far, login, -1);
  await Promise.all([untilAsked(secure, far), untilLoggedIn(far, secure)]);
};

/** The packets of a login go on counting; the first command counts from 0. */
const untilAsked = async (secure: Duplex, far: Duplex): Promise<void> => {
  for (;;) {
    const packet = await takePacket(secure);
    const isCommand = packet.header[3] === 0;
    send(far, packet, isCommand ? 0 : -1);
    if (isCommand) return void secure.pipe(far);
  }
};

const untilLoggedIn = async (far: Duplex, secure: Duplex): Promise<void> => {
  for (;;) {
    const packet = await takePacket(far);
    send(secure, packet, 1);
    // Accepted, or refused.
    if (packet.body[0] === 0x00 || packet.body[0] === 0xff) return void far.pipe(secure);
  }
};
