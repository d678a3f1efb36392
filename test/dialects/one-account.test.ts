import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let server: WholeServer;
beforeAll(async () => {
  server = await startWholeServer();
});
afterAll(() => server.stop());

type Answer = { status: number; body: unknown; cookie: string };
type Login = { authorization?: string; cookie?: string };

async function ask(
  method: string,
  path: string,
  given: { body?: unknown; login?: Login } = {},
): Promise<Answer> {
  const isForm = given.body instanceof URLSearchParams;
  const response = await fetch(server.url + path, {
    method,
    headers: {
      ...given.login,
      ...(given.body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
    },
    ...(given.body === undefined
      ? {}
      : { body: isForm ? (given.body as URLSearchParams) : JSON.stringify(given.body) }),
  });
  const text = await response.text();
  const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return { status: response.status, body: text === '' ? null : JSON.parse(text), cookie };
}
/** What stands at a path of an answer. */
const at = (body: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], body);
const bearer = (token: unknown): Login => ({ authorization: `Bearer ${String(token)}` });

/** How each dialect signs the same person in, and where it lists their chats. */
const username = 'ada_one';
const email = 'ada.one@example.org';
const password = 'Correct-Horse-1';
const doors: Record<
  string,
  {
    signIn(): Promise<Login>;
    list: string;
    chats(body: unknown): unknown;
    title: string;
    count: string | null;
  }
> = {
  histories: {
    signIn: async () =>
      bearer(at((await ask('POST', '/api/auth/login', { body: { username, password } })).body, 'token')),
    list: '/api/chat/histories',
    chats: (body) => body,
    title: 'title',
    count: 'message_count',
  },
  conversations: {
    signIn: async () => ({
      cookie: (await ask('POST', '/api/login', { body: { username, password } })).cookie,
    }),
    list: '/api/conversations',
    chats: (body) => body,
    title: 'name',
    count: null,
  },
  flutter: {
    signIn: async () =>
      bearer(
        at(
          (await ask('POST', '/token', { body: new URLSearchParams({ username, password }) })).body,
          'access_token',
        ),
      ),
    list: '/chats/',
    chats: (body) => body,
    title: 'title',
    count: null,
  },
  amanda: {
    signIn: async () => ({
      cookie: (await ask('POST', '/api/auth/login', { body: { email, password } })).cookie,
    }),
    list: '/api/chat/list',
    chats: (body) => at(body, 'chats'),
    title: 'title',
    count: null,
  },
  'chat-sessions': {
    signIn: async () =>
      bearer(
        at(
          (await ask('POST', '/auth/login', { body: { username, password } })).body,
          'tokens',
          'access_token',
        ),
      ),
    list: '/chat/sessions',
    chats: (body) => at(body, 'sessions'),
    title: 'title',
    count: 'message_count',
  },
  '/api/v1': {
    signIn: async () =>
      bearer(
        at(
          (await ask('POST', '/api/v1/auth/sign-in', { body: { login: email, password } })).body,
          'access_token',
        ),
      ),
    list: '/api/v1/chats',
    chats: (body) => at(body, 'items'),
    title: 'title',
    count: 'message_count',
  },
};

describe('one account', () => {
  beforeAll(async () => {
    await ask('POST', '/api/auth/register', { body: { username, email, password } });
    const login = await doors['histories']?.signIn();
    const created = await ask('POST', '/api/chat/create', { login: login ?? {} });
    await ask('POST', `/api/messages/${String(at(created.body, 'id'))}/send`, {
      login: login ?? {},
      body: { text: 'What is 6 * 7?' },
    });
  });

  it.each(Object.entries(doors))(
    'made through histories opens %s, with the same chat in its words',
    async (name, door) => {
      const login = await door.signIn();
      const listed = await ask('GET', door.list, { login });
      expect(listed.status).toBe(200);
      const isUuid = name === 'flutter' || name === '/api/v1';
      const chats = door.chats(listed.body) as Record<string, unknown>[];
      expect(
        chats.map((chat) => [
          typeof chat['id'],
          chat[door.title],
          door.count === null ? 2 : chat[door.count],
        ]),
      ).toEqual([[isUuid ? 'string' : 'number', 'What is 6 * 7?', 2]]);
    },
  );

  it('that has a username only opens amanda once it has an email', async () => {
    const person = { username: 'nameonly', password: 'long enough 1' };
    const mail = { email: 'nameonly@example.org', password: person.password };
    expect((await ask('POST', '/api/signup', { body: person })).status).toBe(201);
    expect((await ask('POST', '/api/auth/login', { body: mail })).status).toBe(401);
    const signedIn = await ask('POST', '/api/v1/auth/sign-in', {
      body: { login: 'nameonly', password: person.password },
    });
    const login = bearer(at(signedIn.body, 'access_token'));
    expect((await ask('PATCH', '/api/v1/me', { login, body: { email: mail.email } })).status).toBe(200);
    const opened = await ask('POST', '/api/auth/login', { body: mail });
    expect(opened).toMatchObject({ status: 200, body: { success: true, user: { email: mail.email } } });
  });

  it('that has an email only opens the others once it has a username', async () => {
    const mail = { email: 'mailonly@example.org', password: 'Long-enough-1' };
    const signedUp = await ask('POST', '/api/auth/signup', { body: mail });
    expect(signedUp.status).toBe(201);
    const login = { cookie: signedUp.cookie };
    expect((await ask('PATCH', '/api/v1/me', { login, body: { username: 'mailonly' } })).status).toBe(200);
    const opened = await ask('POST', '/api/login', {
      body: { username: 'mailonly', password: mail.password },
    });
    expect(opened.body).toMatchObject({ message: 'Login successful', user: { username: 'mailonly' } });
  });
});
