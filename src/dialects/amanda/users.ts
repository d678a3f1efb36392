import { Type } from 'typebox';
import { clearSessionCookie } from '../kit/cookie-login.ts';
import type { Section } from '../kit/define-dialect.ts';
import { canonicalEmail } from './rules.ts';
import { ProfileBody, SentenceBody, Success, toProfile } from './wire.ts';

const tags = ['amanda: users'];
const user = { access: 'user' } as const;

/** "User Endpoints", and what the clients call beside them. */
export const users: Section = async (app, { core }) => {
  app.get(
    '/api/user/profile',
    { config: user, schema: { tags, summary: 'Who I am', response: { 200: ProfileBody } } },
    async ({ actor }) => toProfile(await core.users.get(actor)),
  );

  app.patch(
    '/api/user/profile',
    {
      config: user,
      schema: {
        tags,
        summary: 'Change my first name or my email',
        body: Type.Object(
          {
            first_name: Type.Optional(Type.Union([Type.String(), Type.Null()])),
            email: Type.Optional(Type.String()),
          },
          { examples: [{ first_name: 'Hedy' }] },
        ),
        response: { 200: Type.Object({ success: Success, user: ProfileBody }) },
      },
    },
    async ({ actor, body: { first_name: firstName, email } }) => {
      const updated = await core.users.update(actor, {
        ...(firstName === undefined ? {} : { firstName }),
        ...(email === undefined ? {} : { email: canonicalEmail(email) }),
      });
      return { success: true, user: toProfile(updated) };
    },
  );

  app.delete(
    '/api/user/account',
    {
      config: user,
      schema: {
        tags,
        summary: 'Remove my account with all its chats, for good',
        response: { 200: SentenceBody },
      },
    },
    async ({ actor }, reply) => {
      await core.users.remove(actor);
      clearSessionCookie(reply);
      return { success: true, message: 'Account deleted successfully' };
    },
  );
};
