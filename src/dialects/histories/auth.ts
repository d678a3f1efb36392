import { Type } from 'typebox';
import type { Section } from '../kit/define-dialect.ts';
import { SentenceBody, toUser, UserBody } from './wire.ts';

const tags = ['histories: auth'];
const filled = Type.String({ minLength: 1 });

/** "Authentication Routes". */
export const auth: Section = async (app, { core }) => {
  // Register User
  app.post(
    '/api/auth/register',
    {
      config: { access: 'open', limit: 'register' },
      schema: {
        tags,
        summary: 'Register',
        body: Type.Object(
          { username: filled, email: filled, password: filled },
          {
            examples: [{ username: 'charles', email: 'charles@example.org', password: 'difference engine' }],
          },
        ),
        response: { 201: Type.Object({ ...UserBody.properties, message: Type.String(), user: UserBody }) },
      },
    },
    async ({ ip: from, body: { username, email, password } }, reply) => {
      const user = toUser(await core.users.register({ username, email, password, from }));
      return reply.code(201).send({ ...user, message: 'User registered successfully', user });
    },
  );

  // Login User
  app.post(
    '/api/auth/login',
    {
      config: {
        access: 'open',
        limit: 'sign-in',
        sentences: { 'fields-missing': 'Missing username or password' },
      },
      schema: {
        tags,
        summary: 'Log in with a username or an email',
        body: Type.Object(
          { username: filled, password: filled },
          { examples: [{ username: 'charles', password: 'difference engine' }] },
        ),
        response: {
          200: Type.Object({
            message: Type.String(),
            access_token: Type.String(),
            token: Type.String({ description: 'The same as access_token' }),
            username: UserBody.properties.username,
            email: UserBody.properties.email,
            user: UserBody,
          }),
        },
      },
    },
    async ({ ip: from, body: { username: login, password } }) => {
      const user = await core.users.authenticate({ login, password, from });
      const { accessToken } = await core.sessions.openAccess(user);
      const { username, email } = user;
      const tokens = { access_token: accessToken, token: accessToken };
      return { message: 'Login successful', ...tokens, username, email, user: toUser(user) };
    },
  );

  // Get Current User
  app.get(
    '/api/auth/me',
    { config: { access: 'user' }, schema: { tags, summary: 'Who I am', response: { 200: UserBody } } },
    async ({ actor }) => toUser(await core.users.get(actor)),
  );

  // Logout User
  app.post(
    '/api/auth/logout',
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'Log out: the token is worth nothing from then on',
        response: { 200: SentenceBody },
      },
    },
    async ({ actor }) => {
      await core.sessions.close(actor);
      return { message: 'Successfully logged out' };
    },
  );
};
