import { randomUUID } from 'node:crypto';

export type Answer = { status: number; headers: Headers; text: string; body: Record<string, unknown> };
export type Call = {
  token?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is. */
  raw?: NonNullable<RequestInit['body']>;
};

/** Talks to a histories server as its clients do. */
export const createClient = (url: string) => {
  /** `POST /api/chat/create` and what it answers. */
  async function call(route: string, { token, headers = {}, body, raw }: Call = {}): Promise<Answer> {
    const [method = '', path = ''] = route.split(' ');
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
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
      body: (isJson ? JSON.parse(text) : {}) as Record<string, unknown>,
    };
  }

  /** A new user, signed in. */
  async function newUser() {
    const username = `u${randomUUID().slice(0, 18)}`;
    const email = `${username}@example.com`;
    const password = `pw ${username}`;
    const registered = await call('POST /api/auth/register', { body: { username, email, password } });
    const login = await call('POST /api/auth/login', { body: { username, password } });
    return {
      username,
      email,
      password,
      id: registered.body['id'] as number,
      token: login.body['token'] as string,
    };
  }

  /** The id of a new chat. */
  async function newChat(token: string, title?: string): Promise<number> {
    const { body } = await call('POST /api/chat/create', {
      token,
      body: title === undefined ? {} : { title },
    });
    return body['id'] as number;
  }

  /** Sends a text and gives the two messages. */
  async function send(token: string, chatId: number, text: string) {
    const { body } = await call(`POST /api/messages/${chatId}/send`, { token, body: { text } });
    return { user: body['user_message'] as Message, bot: body['ai_response'] as Message };
  }

  return { call, newUser, newChat, send };
};

export type Client = ReturnType<typeof createClient>;
export type Message = { id: number; text: string; sender: string; created_at: string };

export const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;
export const userKeys = ['created_at', 'email', 'id', 'username'];
export const chatKeys = ['created_at', 'id', 'message_count', 'title', 'updated_at', 'user_id'];
export const messageKeys = [
  'chat_id',
  'created_at',
  'id',
  'image',
  'image_url',
  'sender',
  'text',
  'time',
  'user_id',
  'who',
];
export const keysOf = (value: unknown): string[] => Object.keys(value as object).toSorted();

/** What no answer may ever contain. */
export const secrets = /password|\$argon2|pbkdf2|scrypt|\$2[aby]\$|secret_hash|uuid/i;
