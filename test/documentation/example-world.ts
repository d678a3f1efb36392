import { createV1Client } from '../support/v1-client.ts';

/** Somebody with a chat, in which one message was answered, and every way to name all of it. */
export type World = {
  token: string;
  refreshToken: string;
  cookie: string;
  /** What a parameter of an operation's path stands for. */
  parameter(path: string, name: string): string | undefined;
};

type Ids = { id: string };
let people = 0;

/** Makes a world of its own through the server's own API; the password is the one of the examples. */
export async function createWorld(url: string, password: string): Promise<World> {
  const username = `somebody${(people += 1)}`;
  const guest = createV1Client(url, '');
  const account = { username, email: `${username}@example.org`, password };
  const signedIn = await guest.json<{ access_token: string; refresh_token: string }>(
    'POST',
    '/api/v1/auth/register',
    { ...account, mode: 'tokens' },
  );
  const { access_token: token, refresh_token: refreshToken } = signedIn;
  const browser = await guest.request('POST', '/api/v1/auth/sign-in', {
    login: username,
    password,
    mode: 'cookie',
  });
  const cookie = browser.headers.getSetCookie()[0]?.split(';')[0] ?? '';

  const me = createV1Client(url, token);
  const chat = await me.json<Ids>('POST', '/api/v1/chats', {});
  const sent = await me.json<{ message: Ids; reply: Ids }>('POST', `/api/v1/chats/${chat.id}/messages`, {
    text: 'Hello',
  });
  for await (const { event } of me.events(`/api/v1/replies/${sent.reply.id}/events`))
    if (event === 'reply-end') break;
  const spoken = await me.json<{ message: Ids }>('GET', `/api/v1/replies/${sent.reply.id}`);

  const form = new FormData();
  form.set('file', new Blob(['Some words.']), 'note.txt');
  const headers = { authorization: `Bearer ${token}` };
  const uploaded = await fetch(`${url}/api/v1/attachments`, { method: 'POST', headers, body: form });
  const file = (await uploaded.json()) as Ids;

  type Numbered = { id: number; user_id: number };
  const [numbered] = await me.json<Numbered[]>('GET', '/api/chat/histories');
  const messages = await me.json<Numbered[]>('GET', `/api/messages/${numbered?.id}/messages`);
  const chatNumber = String(numbered?.id);
  const byName = new Map([
    ['conversationId', chatNumber],
    ['sessionId', chatNumber],
    ['messageId', String(messages[0]?.id)],
    ['userId', String(numbered?.user_id)],
  ]);
  const byPath: [string, string][] = [
    ['/api/v1/messages/{id}/reply', spoken.message.id],
    ['/api/v1/messages/', sent.message.id],
    ['/api/v1/replies/', sent.reply.id],
    ['/api/v1/chats/', chat.id],
    ['/api/v1/attachments/', file.id],
    ['/chats/', chat.id],
  ];
  return {
    token,
    refreshToken,
    cookie,
    parameter: (path, name) =>
      byPath.find(([start]) => path.startsWith(start))?.[1] ??
      (name === 'chatId' ? chatNumber : byName.get(name)),
  };
}
