import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Section } from '../kit/define-dialect.ts';
import { acceptMultipart, readMultipart } from '../kit/multipart.ts';
import { toUser, UserBody } from './wire.ts';

const tags = ['flutter: users'];
const formLimits = { fileBytes: 0, fieldBytes: 16 * 1024 };

/** "Authentication" and "User Management". */
export const users: Section = async (app, { core }) => {
  await acceptMultipart(app, formLimits);

  // POST /token
  app.post(
    '/token',
    {
      config: { access: 'open', limit: 'sign-in' },
      schema: {
        tags,
        summary: 'Sign in with a username or an email',
        consumes: ['application/x-www-form-urlencoded'],
        body: Type.Object(
          {
            username: Type.String(),
            password: Type.String(),
            grant_type: Type.Optional(Type.String()),
          },
          { examples: [{ username: 'katherine', password: 'trajectory to the moon' }] },
        ),
        response: { 200: Type.Object({ access_token: Type.String(), token_type: Type.Enum(['bearer']) }) },
      },
      preValidation: readForm,
    },
    async ({ ip: from, body: { username: login, password } }) => {
      const user = await core.users.authenticate({ login, password, from });
      const { accessToken } = await core.sessions.openAccess(user);
      return { access_token: accessToken, token_type: 'bearer' as const };
    },
  );

  // POST /users/
  app.post(
    '/users/',
    {
      config: { access: 'open', limit: 'register' },
      schema: {
        tags,
        summary: 'Register',
        body: Type.Object(
          { username: Type.String(), email: Type.String(), password: Type.String() },
          {
            examples: [
              { username: 'katherine', email: 'katherine@example.org', password: 'trajectory to the moon' },
            ],
          },
        ),
        response: { 200: UserBody },
      },
    },
    async ({ ip: from, body: { username, email, password } }) =>
      toUser(await core.users.register({ username, email, password, from })),
  );

  // GET /users/me
  app.get(
    '/users/me',
    { config: { access: 'user' }, schema: { tags, summary: 'Who I am', response: { 200: UserBody } } },
    async ({ actor }) => toUser(await core.users.get(actor)),
  );
};

/** A form is asked for: the fields of anything else are no fields. */
async function readForm(request: FastifyRequest): Promise<void> {
  if (request.isMultipart()) request.body = Object.fromEntries((await readMultipart(request)).fields);
  else if (!isUrlencoded.test(request.headers['content-type'] ?? '')) request.body = {};
}

const isUrlencoded = /^application\/x-www-form-urlencoded\b/i;
