import Type from 'typebox';
import type { ApiRoutes } from './api-options.ts';
import { problems } from './problem.ts';
import { presentUser, refTo, UserWire } from './wire.ts';

const ProfileBody = Type.Object(
  {
    username: Type.Optional(Type.String()),
    email: Type.Optional(Type.String()),
    first_name: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'] })),
  },
  { additionalProperties: false, examples: [{ first_name: 'Ada' }] },
);
const PasswordBody = Type.Object(
  { current_password: Type.String(), new_password: Type.String({ description: '1 to 1024 characters.' }) },
  {
    additionalProperties: false,
    examples: [{ current_password: 'analytical engine', new_password: 'difference engine' }],
  },
);

/** Whoever is signed in. */
export const meRoutes: ApiRoutes = async (app, { core }) => {
  const tags = ['me'];
  const config = { access: 'user' } as const;

  app.get(
    '/me',
    {
      config,
      schema: {
        tags,
        operationId: 'getMe',
        summary: 'Who is signed in',
        response: { 200: refTo(UserWire), ...problems() },
      },
    },
    async ({ actor }) => presentUser(await core.users.get(actor)),
  );

  app.patch(
    '/me',
    {
      config,
      schema: {
        tags,
        operationId: 'updateMe',
        summary: 'Change the profile',
        body: ProfileBody,
        response: {
          200: refTo(UserWire),
          ...problems({
            body: true,
            codes: ['username-invalid', 'email-invalid', 'username-taken', 'email-taken', 'origin-refused'],
          }),
        },
      },
    },
    async ({ actor, body }) => {
      const { username, email, first_name: firstName } = body;
      const patch = {
        ...(username === undefined ? {} : { username }),
        ...(email === undefined ? {} : { email }),
        ...(firstName === undefined ? {} : { firstName }),
      };
      return presentUser(await core.users.update(actor, patch));
    },
  );

  app.post(
    '/me/password',
    {
      config,
      schema: {
        tags,
        operationId: 'changePassword',
        summary: 'Change the password',
        description: 'Ends every other login of the user within a second; this one lives on.',
        body: PasswordBody,
        response: {
          204: Type.Null({ description: 'It is changed.' }),
          ...problems({
            body: true,
            codes: ['credentials-wrong', 'password-invalid', 'origin-refused', 'server-busy'],
          }),
        },
      },
    },
    async ({ actor, body }, reply) => {
      await core.users.changePassword(actor, { current: body.current_password, next: body.new_password });
      return reply.code(204).send(null);
    },
  );
};
