import { randomUUID } from 'node:crypto';
import { type Answer, type Call, createCall } from '../call.ts';

export const password = 'SecurePass123';
/** What the clients of this wire say with every request, body or none. */
export const json = { 'content-type': 'application/json' };

/** Talks to a chat-sessions server as its clients do. */
export const createClient = (url: string) => {
  const send = createCall(url);
  const call = (route: string, { headers, ...rest }: Call = {}): Promise<Answer> =>
    send(route, { ...rest, headers: { ...json, ...headers } });

  /** A new user, signed in. */
  async function newUser() {
    const username = newName();
    const email = `${username}@example.com`;
    const { body } = await call('POST /auth/register', { body: { username, email, password } });
    const { access_token: token, refresh_token: refreshToken } = body['tokens'] as Tokens;
    return { username, email, token, refreshToken, id: (body['user'] as User).id };
  }

  /** One more login of a user. */
  async function signIn(username: string): Promise<Tokens> {
    return (await call('POST /auth/login', { body: { username, password } })).body['tokens'] as Tokens;
  }

  /** The id of a new session. */
  async function newSession(token: string, title = 'a session'): Promise<number> {
    const { body } = await call('POST /chat/sessions', { token, body: { title } });
    return (body['session'] as Session).id;
  }

  /** Stores a message. */
  async function say(token: string, session: number, body: Say): Promise<Message> {
    const answer = await call(`POST /chat/sessions/${session}/messages`, { token, body });
    return answer.body['message_data'] as Message;
  }

  /** All messages of a session, as the session itself shows them. */
  async function messagesOf(token: string, session: number): Promise<Message[]> {
    const { body } = await call(`GET /chat/sessions/${session}`, { token });
    return (body['session'] as { messages: Message[] }).messages;
  }

  return { call, newUser, signIn, newSession, say, messagesOf };
};

export const newName = (): string => `u_${randomUUID().slice(0, 8)}`;

export type Client = ReturnType<typeof createClient>;
export type Say = { text: string; sender?: string; client_message_id?: string };
export type Tokens = { access_token: string; refresh_token: string; token_type: string };
export type User = { id: string; username: string; email: string };
export type Session = { id: number; title: string; message_count: number; updated_at: string };
export type Message = { id: number; text: string; sender: string; session_id: number; created_at: string };
export type Page = {
  page: number;
  per_page: number;
  total: number;
  pages: number;
  has_next: boolean;
  has_prev: boolean;
};

export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const userKeys = ['created_at', 'email', 'id', 'is_active', 'is_verified', 'updated_at', 'username'];
export const tokenKeys = ['access_token', 'refresh_token', 'token_type'];
export const sessionKeys = [
  'created_at',
  'id',
  'is_active',
  'message_count',
  'title',
  'updated_at',
  'user_id',
];
export const messageKeys = [
  'created_at',
  'id',
  'is_deleted',
  'sender',
  'session_id',
  'text',
  'timestamp',
  'updated_at',
];
export const pageKeys = ['has_next', 'has_prev', 'page', 'pages', 'per_page', 'total'];

/** What no answer may ever contain. */
export const secrets = /password"|SecurePass|\$argon2|pbkdf2|scrypt|\$2[aby]\$|hash|uuid/i;

/** The body of a refusal with several reasons. */
export const failed = (...details: string[]) => ({ error: 'Validation failed', details });
