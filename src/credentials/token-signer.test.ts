import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { TokenClaims } from '../core/ports.ts';
import type { SessionUuid } from '../core/sessions/session.ts';
import { createTokenSigner } from './token-signer.ts';

const secret = 'a secret of the tests, longer than thirty-two bytes';
const start = new Date('2026-03-01T12:00:00Z');
let now = start;
const clock = () => now;
const signer = createTokenSigner({ secret, clock });

const claims: TokenClaims = {
  purpose: 'access',
  session: '0195513a-77aa-7000-8000-00000000002a' as SessionUuid,
  generation: 3,
  expiresAt: new Date('2026-03-01T13:00:00Z'),
};
const good = {
  iss: 'parlance',
  aud: 'parlance',
  sid: claims.session,
  gen: 3,
  exp: start.getTime() / 1000 + 3600,
};

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** A token put together by hand, signed with the right secret unless another is given. */
const forge = (header: object, payload: object, options: { key?: string; hash?: string } = {}) => {
  const body = `${encode(header)}.${encode(payload)}`;
  const mac = createHmac(options.hash ?? 'sha256', options.key ?? secret)
    .update(body)
    .digest('base64url');
  return `${body}.${mac}`;
};
const header = { alg: 'HS256', typ: 'at+jwt' };

beforeEach(() => {
  now = start;
});

test('a signed token gives its claims back, at first and from memory', async () => {
  const token = await signer.sign(claims);
  expect(await signer.verify(token, 'access')).toEqual(claims);
  expect(await signer.verify(token, 'access')).toEqual(claims);
  expect(await createTokenSigner({ secret, clock }).verify(token, 'access')).toEqual(claims);
});

test('the tokens that these tests forge would pass if nothing were wrong with them', async () => {
  expect(await signer.verify(forge(header, good), 'access')).toEqual(claims);
});

test.each(['access', 'refresh'] as const)('a token serves its own purpose only: %s', async (purpose) => {
  const other = purpose === 'access' ? 'refresh' : 'access';
  const token = await signer.sign({ ...claims, purpose });
  await expect(signer.verify(token, other)).rejects.toMatchObject({ code: 'token-invalid' });
  await signer.verify(token, purpose);
  await expect(signer.verify(token, other)).rejects.toMatchObject({ code: 'token-invalid' });
});

test('a token expires by the clock, remembered or not', async () => {
  const token = await signer.sign(claims);
  now = new Date('2026-03-01T12:59:59.999Z');
  await signer.verify(token, 'access');
  now = new Date('2026-03-01T13:00:00Z');
  await expect(signer.verify(token, 'access')).rejects.toMatchObject({ code: 'token-expired' });
  await expect(createTokenSigner({ secret, clock }).verify(token, 'access')).rejects.toMatchObject({
    code: 'token-expired',
  });
});

describe('refused as invalid', () => {
  const [headerPart, , signature] = forge(header, good).split('.');
  test.each<[string, string]>([
    ['nothing', ''],
    ['garbage', 'garbage'],
    ['dots', '..'],
    ['another secret', forge(header, good, { key: 'another secret of at least thirty-two bytes' })],
    ['no signature', `${encode(header)}.${encode(good)}.`],
    ['algorithm none', `${encode({ ...header, alg: 'none' })}.${encode(good)}.`],
    ['another HMAC', forge({ ...header, alg: 'HS512' }, good, { hash: 'sha512' })],
    ['an algorithm that does not exist', forge({ ...header, alg: 'XX' }, good)],
    ['a type that says JWT', forge({ ...header, typ: 'JWT' }, good)],
    ['no type', forge({ alg: 'HS256' }, good)],
    ['a critical extension', forge({ ...header, crit: ['x'], x: 1 }, good)],
    ['another issuer', forge(header, { ...good, iss: 'other' })],
    ['another audience', forge(header, { ...good, aud: 'other' })],
    ['no expiry', forge(header, { ...good, exp: undefined })],
    ['an expiry of text', forge(header, { ...good, exp: '9999999999' })],
    ['no session', forge(header, { ...good, sid: undefined })],
    ['a session that is no UUID', forge(header, { ...good, sid: 'x' })],
    ['a session that is an object', forge(header, { ...good, sid: {} })],
    ['no generation', forge(header, { ...good, gen: undefined })],
    ['a generation of text', forge(header, { ...good, gen: '3' })],
    ['half a generation', forge(header, { ...good, gen: 0.5 })],
    ['a payload that is a list', forge(header, [])],
    ['a payload that was exchanged', `${headerPart}.${encode({ ...good, gen: 4 })}.${signature}`],
    ['more than 4 KiB', forge(header, { ...good, more: 'x'.repeat(4096) })],
    ['characters outside of base64url', 'ä.ö.ü'],
  ])('%s', async (_, token) => {
    await expect(signer.verify(token, 'access')).rejects.toMatchObject({ code: 'token-invalid' });
  });
});

test('what it remembers is bounded', async () => {
  const small = createTokenSigner({ secret, clock, rememberedTokens: 2 });
  const tokens = await Promise.all([1, 2, 3, 4].map((generation) => small.sign({ ...claims, generation })));
  for (const round of [1, 2]) {
    for (const [index, token] of tokens.entries()) {
      expect(await small.verify(token, 'access'), `round ${round}`).toMatchObject({ generation: index + 1 });
    }
  }
});
