import { randomUUID } from 'node:crypto';
import { type Answer as PlainAnswer, type Call as PlainCall, createCall } from '../call.ts';

/** With the session cookie that it sets, as the client sends it back. */
export type Answer = PlainAnswer & { cookie: string | undefined };
export type Call = PlainCall & { cookie?: string };

/** Talks to an amanda server as its clients do: every request says that it is JSON. */
export const createClient = (url: string) => {
  const plainCall = createCall(url);

  /** `POST /api/chat/create` and what it answers. */
  async function call(route: string, { cookie, headers = {}, ...more }: Call = {}): Promise<Answer> {
    const answer = await plainCall(route, {
      headers: {
        'content-type': 'application/json',
        ...(cookie === undefined ? {} : { cookie }),
        ...headers,
      },
      ...more,
    });
    const set = answer.headers.get('set-cookie') ?? '';
    return { ...answer, cookie: /^((?:__Host-)?session=[^;]*)/.exec(set)?.[1] };
  }

  const credentials = () => ({
    email: `u${randomUUID().slice(0, 18)}@example.com`,
    password: `pw ${randomUUID()}`,
  });

  /** A new user, signed in. */
  async function newUser() {
    const { email, password } = credentials();
    const answer = await call('POST /api/auth/signup', { body: { email, password } });
    return { email, password, id: answer.body['user_id'] as number, cookie: answer.cookie ?? '' };
  }

  /** The id of a new chat. */
  async function newChat(cookie: string): Promise<number> {
    return (await call('POST /api/chat/create', { cookie })).body['chat_id'] as number;
  }

  async function messages(cookie: string, chatId: number): Promise<Message[]> {
    return (await call(`GET /api/chat/${chatId}/messages`, { cookie })).body['messages'] as Message[];
  }

  async function chats(cookie: string): Promise<Chat[]> {
    return (await call('GET /api/chat/list', { cookie })).body['chats'] as Chat[];
  }

  return { url, call, credentials, newUser, newChat, messages, chats };
};

export type Client = ReturnType<typeof createClient>;
export type Message = { id: number; chat_id: number; role: string; content: string; timestamp: string };
export type Chat = {
  id: number;
  user_id: number;
  title: string;
  created_at: string;
  last_message_time: string;
};

export const failure = (message: string) => ({ success: false, message });
export const chatKeys = ['created_at', 'id', 'last_message_time', 'title', 'user_id'];
export const messageKeys = ['chat_id', 'content', 'id', 'role', 'timestamp'];
export const profileKeys = ['created_at', 'email', 'first_name', 'id'];

/** What no answer may ever contain. */
export const secrets = /\$argon2|pbkdf2|scrypt|\$2[aby]\$|secret_hash|password_hash|uuid/i;
