import { randomUUID } from 'node:crypto';
import { createCall, type Answer } from '../call.ts';

/** Talks to a flutter server as the app does. */
export const createClient = (url: string) => {
  const call = createCall(url);

  /** `POST /token` with a form. */
  const signIn = (form: Record<string, string>): Promise<Answer> =>
    call('POST /token', { raw: new URLSearchParams(form) });

  /** A new user, signed in. */
  async function newUser() {
    const username = `u${randomUUID().slice(0, 18)}`;
    const email = `${username}@example.com`;
    const password = `pw ${username}`;
    const registered = await call('POST /users/', { body: { username, email, password } });
    const { body } = await signIn({ username, password });
    return {
      username,
      email,
      password,
      id: registered.body['id'] as string,
      token: body['access_token'] as string,
    };
  }

  /** The id of a new chat. */
  async function newChat(token: string, title = 'a chat'): Promise<string> {
    return (await call('POST /chats/', { token, body: { title } })).body['id'] as string;
  }

  /** Sends a text, and gives the message that the server answers with. */
  async function send(token: string, chatId: string, content: string): Promise<Message> {
    return (await call(`POST /chats/${chatId}/messages/`, { token, body: { content } })).body as Message;
  }

  async function messages(token: string, chatId: string): Promise<Message[]> {
    return (await call(`GET /chats/${chatId}/messages/`, { token })).body as unknown as Message[];
  }

  return { url, call, signIn, newUser, newChat, send, messages };
};

export type Client = ReturnType<typeof createClient>;
export type User = Awaited<ReturnType<Client['newUser']>>;
export type Message = Record<string, unknown> & {
  id: string;
  content: string;
  sender: string;
  status: string;
};
export type Problem = { type: string; loc: (string | number)[]; msg: string; input: unknown };

export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?$/;
export const userKeys = ['email', 'id', 'username'];
export const chatKeys = [
  'created_at',
  'id',
  'is_pinned',
  'last_message_content',
  'last_message_time',
  'title',
];
export const messageKeys = [
  'content',
  'id',
  'importance_level',
  'media_urls',
  'reply_to_id',
  'sender',
  'status',
  'timestamp',
  'type',
];

/** What no answer may ever contain: secrets, and the key that the app unwraps. */
export const forbidden = /\$argon2|pbkdf2|scrypt|\$2[aby]\$|secret_hash|password|"data":/i;
/** The problems of a 422. */
export const problemsOf = ({ body }: Answer): Problem[] => body['detail'] as Problem[];
export const otherSpelling = (path: string): string => (path.endsWith('/') ? path.slice(0, -1) : `${path}/`);
