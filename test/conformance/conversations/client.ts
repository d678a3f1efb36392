import { randomUUID } from 'node:crypto';

export type Answer = { status: number; headers: Headers; text: string; body: Record<string, unknown> };
export type Call = {
  /** `session=…`, as a browser sends it. */
  cookie?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is. */
  raw?: NonNullable<RequestInit['body']>;
};
export type Message = { id: number; sender: string; text: string; created_at: string };
export type Conversation = { id: number; name: string; messages: Message[] };

/** Talks to a conversations server as its clients do. */
export const createClient = (url: string) => {
  /** `POST /api/login` and what it answers. Redirects are not followed: there must be none. */
  async function call(route: string, { cookie, headers = {}, body, raw }: Call = {}): Promise<Answer> {
    const [method = '', path = ''] = route.split(' ');
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(cookie === undefined ? {} : { cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: raw ?? (body === undefined ? null : JSON.stringify(body)),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson && text !== '' ? JSON.parse(text) : {}) as Record<string, unknown>,
    };
  }

  /** The cookie of a new login. */
  async function signIn(username: string, password: string): Promise<string> {
    return cookieOf(await call('POST /api/login', { body: { username, password } }));
  }

  /** A new user, signed in. */
  async function newUser() {
    const username = `u${randomUUID().slice(0, 18)}`;
    const password = `pw ${username}`;
    const { body } = await call('POST /api/signup', { body: { username, password } });
    return { username, password, id: body['user_id'] as number, cookie: await signIn(username, password) };
  }

  /** The id of a new conversation. */
  async function newConversation(cookie: string, name = 'a talk'): Promise<number> {
    const { body } = await call('POST /api/conversations', { cookie, body: { name } });
    return body['id'] as number;
  }

  /** Sends a text and gives the two messages. */
  async function send(cookie: string, id: number, text: string): Promise<[user: Message, bot: Message]> {
    const { body } = await call(`POST /api/conversations/${id}/messages`, { cookie, body: { text } });
    return body as unknown as [Message, Message];
  }

  /** All that the user has. */
  async function conversations(cookie: string): Promise<Conversation[]> {
    return (await call('GET /api/conversations', { cookie })).body as unknown as Conversation[];
  }

  return { call, signIn, newUser, newConversation, send, conversations };
};

export type Client = ReturnType<typeof createClient>;

/** What a browser would send back. */
export const cookieOf = ({ headers }: Answer): string =>
  /^[^;]+/.exec(headers.getSetCookie()[0] ?? '')?.[0] ?? '';

export const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;
export const userKeys = ['id', 'user_id', 'username'];
export const conversationKeys = ['id', 'messages', 'name'];
export const messageKeys = ['created_at', 'id', 'sender', 'text'];
export const keysOf = (value: unknown): string[] => Object.keys(value as object).toSorted();

/** What no answer may ever contain. */
export const secrets = /password|\$argon2|pbkdf2|scrypt|\$2[aby]\$|secret_hash|uuid/i;
