import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { UserId } from '../../core/users/user.ts';
import { DomainError } from '../../core/errors.ts';
import { closeCookieLogin, openCookieLogin } from '../kit/cookie-login.ts';
import type { Section } from '../kit/define-dialect.ts';
import { idParam, toIntegerId } from '../kit/integer-id.ts';
import { nullIsMissing } from '../kit/null-is-missing.ts';
import { SentenceBody, toUser, UserBody } from './wire.ts';

const tags = ['conversations: auth'];
const sentences = { 'fields-missing': 'Username and password are required' } as const;
const filled = Type.String({ minLength: 1 });
const CredentialsBody = Type.Object(
  { username: filled, password: filled },
  { examples: [{ username: 'grace', password: 'nanoseconds of wire' }] },
);
const lifetimeMs = 30 * 60_000;

/** "Authentication Endpoints". */
export const auth: Section = async (app, { core }) => {
  nullIsMissing(app);

  // Test Connection
  app.get(
    '/api/test',
    {
      config: { access: 'open' },
      schema: { tags, summary: 'Whether the server runs', response: { 200: SentenceBody } },
    },
    async () => ({ message: 'Server is running' }),
  );

  // Register User
  app.post(
    '/api/signup',
    {
      config: { access: 'open', limit: 'register', sentences },
      schema: {
        tags,
        summary: 'Register',
        body: CredentialsBody,
        response: { 201: Type.Object({ message: Type.String(), user_id: Type.Integer() }) },
      },
    },
    async ({ ip: from, body: { username, password } }, reply) => {
      const { id } = await core.users.register({ username, password, from });
      return reply.code(201).send({ message: 'User created successfully', user_id: id });
    },
  );

  // Login
  app.post(
    '/api/login',
    {
      config: { access: 'open', limit: 'sign-in', trustedOriginOnly: true, sentences },
      schema: {
        tags,
        summary: 'Log in: the session cookie lasts 30 minutes after its last use',
        body: CredentialsBody,
        response: { 200: Type.Object({ message: Type.String(), user: UserBody }) },
      },
    },
    async ({ ip: from, body: { username: login, password } }, reply) => {
      const user = await core.users.authenticate({ login, password, from });
      await openCookieLogin(core.sessions, reply, { user, lifetimeMs });
      return { message: 'Login successful', user: toUser(user) };
    },
  );

  // Logout; by POST in one generation of the React app
  const logOut = async (_request: unknown, reply: FastifyReply) => {
    await closeCookieLogin(core.sessions, reply);
    return { message: 'Logged out successfully' };
  };
  const logout = {
    config: { access: 'user', trustedOriginOnly: true },
    schema: { tags, summary: 'Log out', response: { 200: SentenceBody } },
  } as const;
  // Whoever only looks whether a link works must not log anybody out.
  app.get('/api/logout', { ...logout, exposeHeadRoute: false }, logOut);
  app.post('/api/logout', logout, logOut);

  // Called by one generation of the React app although the README does not list it
  app.post(
    `/api/logout/${idParam('userId')}`,
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'Log out, by naming myself',
        params: Type.Object({ userId: Type.String() }),
        response: { 200: SentenceBody },
      },
    },
    async ({ actor, params }, reply) => {
      const userId = toIntegerId<UserId>(params.userId, 'account-not-yours');
      if (userId !== actor.userId) throw new DomainError('account-not-yours');
      await closeCookieLogin(core.sessions, reply);
      return { message: `User ${userId} logged out successfully` };
    },
  );

  // Called by both generations to find out whether somebody is signed in
  app.get(
    '/api/current_user',
    {
      config: { access: 'optional' },
      schema: {
        tags,
        summary: 'Who I am; null where nobody is signed in',
        response: { 200: Type.Object({ user: Type.Union([UserBody, Type.Null()]) }) },
      },
    },
    async ({ signedIn }) => ({ user: signedIn === null ? null : toUser(await core.users.get(signedIn)) }),
  );
};
