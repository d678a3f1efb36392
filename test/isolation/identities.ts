import { createTokenSigner } from '../../src/credentials/token-signer.ts';
import type { User } from '../../src/core/users/user.ts';
import type { World } from './world.ts';

export type Headers = Record<string, string>;
export const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
const cookie = (secret: string): Headers => ({ cookie: `session=${secret}` });

export const refreshAsAccess = 'a refresh token of the owner as access token';

/** Credentials of the owner and of others that open nothing any more, or never did. */
export async function worthlessIdentities(
  { core, tokens, newUser }: World,
  owner: User,
): Promise<Record<string, Headers>> {
  const { sessions } = core;
  const pair = await sessions.openPair(owner);
  const living = await sessions.openAccess(owner);
  const livingCookie = await sessions.openCookie(owner);
  const claims = { session: pair.session.uuid, generation: 0, purpose: 'access' } as const;
  const [head, body] = living.accessToken.split('.');
  const forger = createTokenSigner({
    secret: 'another secret, as long as the one of the server is',
    clock: () => new Date(),
  });

  const ended = await sessions.openAccess(owner);
  const endedCookie = await sessions.openCookie(owner);
  await sessions.close({ userId: owner.id, sessionId: ended.session.id });
  await sessions.close({ userId: owner.id, sessionId: endedCookie.session.id });

  const disabled = await newUser('disabled');
  const disabledToken = (await sessions.openAccess(disabled)).accessToken;
  const disabledSecret = (await sessions.openCookie(disabled)).secret;
  await core.users.disable(disabled.id);

  return {
    anonymous: {},
    'a disabled user': bearer(disabledToken),
    'a disabled user, by cookie': cookie(disabledSecret),
    'an expired token of the owner': bearer(
      await tokens.sign({ ...claims, expiresAt: new Date(Date.now() - 60_000) }),
    ),
    'an expired cookie of the owner': cookie((await sessions.openCookie(owner, -60_000)).secret),
    [refreshAsAccess]: bearer(pair.refreshToken),
    'a generation of the owner’s tokens that was never given out': bearer(
      await tokens.sign({ ...claims, generation: 7, expiresAt: new Date(Date.now() + 60_000) }),
    ),
    'an ended login of the owner': bearer(ended.accessToken),
    'an ended login of the owner, by cookie': cookie(endedCookie.secret),
    'a token of the owner with another signature': bearer(
      await forger.sign({ ...claims, expiresAt: new Date(Date.now() + 60_000) }),
    ),
    'a token of the owner without a signature': bearer(`${head}.${body}.`),
    'a token of the owner that wants no algorithm': bearer(
      `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${body}.`,
    ),
    'a cookie of the owner as Bearer': bearer(livingCookie.secret),
    'a token of the owner as cookie': cookie(living.accessToken),
    garbage: { authorization: 'Bearer \u00ff{}', cookie: 'session="; session=%00' },
  };
}

/** Others who are signed in: each call opens new logins, since some routes end the one that calls them. */
export async function livingIdentities({ core }: World, user: User): Promise<Record<string, Headers>> {
  const known = await core.users.lookUp(String(user.id));
  const { sessions } = core;
  return {
    'another user': bearer((await sessions.openAccess(known)).accessToken),
    'another user, by a pair': bearer((await sessions.openPair(known)).accessToken),
    'another user, by cookie': cookie((await sessions.openCookie(known)).secret),
  };
}
