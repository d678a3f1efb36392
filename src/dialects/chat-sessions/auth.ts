import { Type } from 'typebox';
import { DomainError } from '../../core/errors.ts';
import { bearerToken } from '../kit/bearer-token.ts';
import type { Section } from '../kit/define-dialect.ts';
import { checkAccount, requireBody } from './rules.ts';
import { ProfileBody, SentenceBody, TokensBody, toTokens, toUser, UserBody } from './wire.ts';

const tags = ['chat-sessions: auth'];
const open = { access: 'open' } as const;
const user = { access: 'user' } as const;
// The rules of this wire are checked by hand: each broken one is a sentence in `details`.
const AccountFields = Type.Object(
  {
    username: Type.Optional(Type.Unknown()),
    email: Type.Optional(Type.Unknown()),
    password: Type.Optional(Type.Unknown()),
  },
  { examples: [{ username: 'barbara', email: 'barbara@example.org', password: 'Substitution1' }] },
);
const ProfileFields = Type.Object(AccountFields.properties, { examples: [{ username: 'barbara_l' }] });
const SignedIn = Type.Object({ message: Type.String(), user: UserBody, tokens: TokensBody });

/** "Authentication Endpoints". */
export const auth: Section = async (app, { core }) => {
  // Register User
  app.post(
    '/auth/register',
    {
      config: { access: 'open', limit: 'register' },
      schema: { tags, summary: 'Register and sign in', body: AccountFields, response: { 201: SignedIn } },
    },
    async ({ ip: from, body }, reply) => {
      const {
        username = '',
        email = '',
        password = '',
      } = checkAccount(requireBody(body), ['username', 'email', 'password']);
      const registered = await core.users.register({ username, email, password, from });
      const tokens = toTokens(await core.sessions.openPair(registered));
      return reply
        .code(201)
        .send({ message: 'User registered successfully', user: toUser(registered), tokens });
    },
  );

  // Login User
  app.post(
    '/auth/login',
    {
      config: { access: 'open', limit: 'sign-in' },
      schema: { tags, summary: 'Sign in', body: AccountFields, response: { 200: SignedIn } },
    },
    async ({ ip: from, body }) => {
      const { username: login, password } = requireBody(body);
      const missing = Object.entries({ username: login, password }).filter(([, value]) => !isFilled(value));
      if (!isFilled(login) || !isFilled(password)) {
        const details = missing.map(([field]) => ({ field, problem: 'is required' }));
        throw new DomainError('fields-missing', { details });
      }
      const found = await core.users.authenticate({ login: login.trim(), password, from });
      const tokens = toTokens(await core.sessions.openPair(found));
      return { message: 'Login successful', user: toUser(found), tokens };
    },
  );

  // Refresh Token
  app.post(
    '/auth/refresh',
    {
      config: open,
      schema: {
        tags,
        summary: 'Trade a refresh token, sent as the Bearer, for a new pair',
        response: { 200: Type.Object({ message: Type.String(), tokens: TokensBody }) },
      },
    },
    async (request) => {
      const pair = await core.sessions.refresh(bearerToken(request));
      return { message: 'Token refreshed successfully', tokens: toTokens(pair) };
    },
  );

  // Get Profile
  app.get(
    '/auth/profile',
    {
      config: user,
      schema: { tags, summary: 'Who I am', response: { 200: Type.Object({ user: ProfileBody }) } },
    },
    async ({ actor }) => {
      const { total } = await core.chats.page(actor, { offset: 0, limit: 1 });
      return { user: { ...toUser(await core.users.get(actor)), session_count: total } };
    },
  );

  // Update Profile
  app.put(
    '/auth/profile',
    {
      config: user,
      schema: {
        tags,
        summary: 'Change any of username, email and password; a new password ends every other login',
        body: ProfileFields,
        response: { 200: Type.Object({ message: Type.String(), user: UserBody }) },
      },
    },
    async ({ actor, body }) => {
      const { password, ...names } = checkAccount(requireBody(body), []);
      // The names first: they are what may be refused.
      await core.users.update(actor, names);
      if (password !== undefined) await core.users.setPassword(actor, password);
      return { message: 'Profile updated successfully', user: toUser(await core.users.get(actor)) };
    },
  );

  // Called by the React app although the README only says that there is a logout
  app.post(
    '/auth/logout',
    { config: user, schema: { tags, summary: 'Sign out', response: { 200: SentenceBody } } },
    async ({ actor }) => {
      await core.sessions.close(actor);
      return { message: 'Logout successful' };
    },
  );

  app.get(
    '/auth/verify',
    {
      config: user,
      schema: {
        tags,
        summary: 'Whether the token is valid, and whose it is',
        response: { 200: Type.Object({ message: Type.String(), user: UserBody }) },
      },
    },
    async ({ actor }) => ({ message: 'Token is valid', user: toUser(await core.users.get(actor)) }),
  );
};

const isFilled = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
