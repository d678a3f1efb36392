import { Type } from 'typebox';
import { DomainError } from '../../core/errors.ts';
import { closeCookieLogin, openCookieLogin } from '../kit/cookie-login.ts';
import type { Section } from '../kit/define-dialect.ts';
import { requireCredentials, requireNewCredentials } from './rules.ts';
import { SentenceBody, Success, toUser, UserBody } from './wire.ts';

const tags = ['amanda: authentication'];
const signIn = {
  access: 'open',
  limit: 'sign-in',
  trustedOriginOnly: true,
  sentences: { 'fields-missing': 'Email and password are required' },
} as const;
// Checked by hand: whatever is no text counts as missing on this wire.
const Credentials = Type.Object({
  email: Type.Optional(Type.Unknown({ examples: ['user@example.com'] })),
  password: Type.Optional(Type.Unknown({ examples: ['password123'] })),
});

/** "Authentication Endpoints". */
export const auth: Section = async (app, { core }) => {
  app.post(
    '/api/auth/signup',
    {
      config: { ...signIn, limit: 'register' },
      schema: {
        tags,
        summary: 'Create an account and sign in',
        body: Credentials,
        response: {
          201: Type.Object({ success: Success, message: Type.String(), user_id: Type.Integer() }),
        },
      },
    },
    async ({ ip: from, body }, reply) => {
      const user = await core.users.register({ ...requireNewCredentials(body), from });
      await openCookieLogin(core.sessions, reply, { user });
      return reply
        .code(201)
        .send({ success: true, message: 'Account created successfully', user_id: user.id });
    },
  );

  app.post(
    '/api/auth/login',
    {
      config: signIn,
      schema: {
        tags,
        summary: 'Sign in with an email',
        body: Credentials,
        response: { 200: Type.Object({ success: Success, message: Type.String(), user: UserBody }) },
      },
    },
    async ({ ip: from, body }, reply) => {
      const { email: login, password } = requireCredentials(body);
      // The core would take a username as well, which is no email to these clients.
      if (!login.includes('@')) throw new DomainError('credentials-wrong');
      const user = await core.users.authenticate({ login, password, from });
      await openCookieLogin(core.sessions, reply, { user });
      return { success: true, message: 'Login successful', user: toUser(user) };
    },
  );

  app.post(
    '/api/auth/logout',
    {
      // Whoever has no login is told the same.
      config: { access: 'optional' },
      schema: { tags, summary: 'End my login, if I have one', response: { 200: SentenceBody } },
    },
    async (request, reply) => {
      if (request.signedIn !== null) await closeCookieLogin(core.sessions, reply);
      return { success: true, message: 'Logged out successfully' };
    },
  );

  app.get(
    '/api/auth/check',
    {
      config: { access: 'optional' },
      schema: {
        tags,
        summary: 'Whether I am signed in, and as whom',
        response: {
          200: Type.Object({ authenticated: Type.Boolean(), user: Type.Optional(UserBody) }),
        },
      },
    },
    async ({ signedIn }) =>
      signedIn === null
        ? { authenticated: false }
        : { authenticated: true, user: toUser(await core.users.get(signedIn)) },
  );
};
