import { randomUUID } from 'node:crypto';
import { createCall } from '../call.ts';

/** Talks to a histories server as its clients do. */
export const createClient = (url: string) => {
  const call = createCall(url);

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

/** What no answer may ever contain. */
export const secrets = /password|\$argon2|pbkdf2|scrypt|\$2[aby]\$|secret_hash|uuid/i;
