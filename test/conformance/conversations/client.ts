import { randomUUID } from 'node:crypto';
import { type Answer, type Call as PlainCall, createCall } from '../call.ts';

/** `cookie`: `session=…`, as a browser sends it. */
type Call = PlainCall & { cookie?: string };
export type Message = { id: number; sender: string; text: string; created_at: string };
export type Conversation = { id: number; name: string; messages: Message[] };

/** Talks to a conversations server as its clients do. */
export const createClient = (url: string) => {
  const plainCall = createCall(url);

  /** `POST /api/login` and what it answers. */
  const call = (route: string, { cookie, headers = {}, ...more }: Call = {}): Promise<Answer> =>
    plainCall(route, { headers: { ...(cookie === undefined ? {} : { cookie }), ...headers }, ...more });

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

  return { url, call, signIn, newUser, newConversation, send, conversations };
};

export type Client = ReturnType<typeof createClient>;

/** What a browser would send back. */
export const cookieOf = ({ headers }: Answer): string =>
  /^[^;]+/.exec(headers.getSetCookie()[0] ?? '')?.[0] ?? '';

export const userKeys = ['id', 'user_id', 'username'];
export const conversationKeys = ['id', 'messages', 'name'];
export const messageKeys = ['created_at', 'id', 'sender', 'text'];

/** What no answer may ever contain. */
export const secrets = /password|\$argon2|pbkdf2|scrypt|\$2[aby]\$|secret_hash|uuid/i;
