import { pass, take } from './take.ts';
import type { Join } from './tls-relay.ts';

const sslRequest = 80_877_103;

/** The client asks before anything else; the answer is one letter. */
export const joinPostgres: Join = async (near, far, encrypt) => {
  const first = await take(near, 8);
  if (first.readUInt32BE(4) !== sslRequest) {
    far.write(first);
    return pass(near, far);
  }
  near.write(encrypt ? 'S' : 'N');
  pass(encrypt ? await encrypt(near) : near, far);
};
