import type { FastifyReply } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Sessions, TokenPair } from '../core/core.ts';
import type { User } from '../core/users/user.ts';
import { assertTrustedOrigin } from '../http/origins.ts';
import { openCookieLogin } from '../http/cookie-login.ts';
import { clearSessionCookie, readSessionCookie } from '../http/session-cookie.ts';
import type { ApiRoutes } from './api-options.ts';
import { tokens as tokensExample, user as userExample } from './examples.ts';
import { problems } from './problem.ts';
import { presentUser, refTo, TokensWire, UserWire } from './wire.ts';

const Mode = Type.Enum(['tokens', 'cookie'], {
  description:
    '`tokens`: the answer carries an access and a refresh token. `cookie`: the browser keeps the login, where scripts cannot read it.',
});
const { token_type, access_token, access_expires_at, refresh_token, refresh_expires_at } =
  TokensWire.properties;
const Login = Type.Object(
  {
    user: refTo(UserWire),
    token_type: Type.Optional(token_type),
    access_token: Type.Optional(access_token),
    access_expires_at: Type.Optional(access_expires_at),
    refresh_token: Type.Optional(refresh_token),
    refresh_expires_at: Type.Optional(refresh_expires_at),
  },
  {
    description: 'Who signed in, and the tokens where these were asked for.',
    examples: [{ user: userExample, ...tokensExample }],
  },
);
const RegisterBody = Type.Object(
  {
    username: Type.Optional(Type.String({ description: '1 to 80 visible characters without @.' })),
    email: Type.Optional(Type.String()),
    first_name: Type.Optional(Type.String()),
    password: Type.String({ description: '1 to 1024 characters.' }),
    mode: Type.Optional(Mode),
  },
  {
    additionalProperties: false,
    description: 'At least one of `username` and `email`. With `mode` the new user is signed in at once.',
    examples: [{ username: 'ada', email: 'ada@example.org', password: 'analytical engine', mode: 'tokens' }],
  },
);
const SignInBody = Type.Object(
  {
    login: Type.String({ description: 'The username or the email address.' }),
    password: Type.String(),
    mode: Type.Optional(Mode),
  },
  {
    additionalProperties: false,
    description: 'Without `mode`: `tokens`.',
    examples: [{ login: 'ada', password: 'analytical engine', mode: 'tokens' }],
  },
);
const RefreshBody = Type.Object(
  { refresh_token: Type.String() },
  { additionalProperties: false, examples: [{ refresh_token: tokensExample.refresh_token }] },
);
const SignOutBody = Type.Object(
  { everywhere: Type.Optional(Type.Boolean({ description: 'End every login of the user.' })) },
  { additionalProperties: false, examples: [{ everywhere: true }] },
);

/** Register, sign in, renew, sign out. */
export const accountRoutes: ApiRoutes = async (app, { core }) => {
  const tags = ['accounts'];
  const open = { access: 'open' } as const;

  app.post(
    '/auth/register',
    {
      config: { access: 'open', limit: 'register' },
      schema: {
        tags,
        operationId: 'register',
        summary: 'Make an account',
        body: RegisterBody,
        response: {
          201: Login,
          ...problems({
            body: true,
            open: true,
            codes: [
              'username-invalid',
              'email-invalid',
              'password-invalid',
              'username-taken',
              'email-taken',
              'origin-refused',
              'server-busy',
            ],
          }),
        },
      },
    },
    async (request, reply) => {
      const { username, email, first_name: firstName, password, mode } = request.body;
      if (mode === 'cookie') assertTrustedOrigin(request);
      const user = await core.users.register({
        password,
        from: request.ip,
        ...(username === undefined ? {} : { username }),
        ...(email === undefined ? {} : { email }),
        ...(firstName === undefined ? {} : { firstName }),
      });
      reply.code(201).header('location', '/api/v1/me');
      return openLogin(core.sessions, reply, { user, mode });
    },
  );

  app.post(
    '/auth/sign-in',
    {
      config: { access: 'open', limit: 'sign-in' },
      schema: {
        tags,
        operationId: 'signIn',
        summary: 'Sign in by username or email',
        body: SignInBody,
        response: {
          200: Login,
          ...problems({
            body: true,
            open: true,
            codes: ['credentials-wrong', 'user-disabled', 'origin-refused', 'server-busy'],
          }),
        },
      },
    },
    async (request, reply) => {
      const { login, password, mode = 'tokens' } = request.body;
      if (mode === 'cookie') assertTrustedOrigin(request);
      const user = await core.users.authenticate({ login, password, from: request.ip });
      return openLogin(core.sessions, reply, { user, mode });
    },
  );

  app.post(
    '/auth/refresh',
    {
      config: open,
      schema: {
        tags,
        operationId: 'refresh',
        summary: 'Trade a refresh token for the next pair',
        description:
          'A retry with the same token works until the new pair is used; a token that is used later again ends the login.',
        body: RefreshBody,
        response: {
          200: refTo(TokensWire),
          ...problems({
            body: true,
            open: true,
            codes: ['token-invalid', 'token-expired', 'session-ended', 'user-disabled'],
          }),
        },
      },
    },
    async (request) => presentTokens(await core.sessions.refresh(request.body.refresh_token)),
  );

  app.post(
    '/auth/sign-out',
    {
      config: { access: 'user' },
      schema: {
        tags,
        operationId: 'signOut',
        summary: 'End this login, or all of them',
        description: 'Open streams and sockets of the ended logins are cut within a second.',
        body: SignOutBody,
        response: {
          204: Type.Null({ description: 'It has ended.' }),
          ...problems({ body: true, codes: ['origin-refused'] }),
        },
      },
    },
    async (request, reply) => {
      if (request.body.everywhere) await core.sessions.closeAll(request.actor, { keepOwn: false });
      else await core.sessions.close(request.actor);
      if (readSessionCookie(request) !== undefined) clearSessionCookie(reply);
      return reply.code(204).send(null);
    },
  );
};

async function openLogin(
  sessions: Sessions,
  reply: FastifyReply,
  { user, mode }: { user: User; mode: 'tokens' | 'cookie' | undefined },
): Promise<Static<typeof Login>> {
  if (mode === 'cookie') await openCookieLogin(sessions, reply, { user });
  const tokens = mode === 'tokens' ? presentTokens(await sessions.openPair(user)) : {};
  return { user: presentUser(user), ...tokens };
}

const presentTokens = (pair: TokenPair): Static<typeof TokensWire> => ({
  token_type: 'Bearer',
  access_token: pair.accessToken,
  access_expires_at: pair.accessExpiresAt.toISOString(),
  refresh_token: pair.refreshToken,
  refresh_expires_at: pair.session.expiresAt.toISOString(),
});
