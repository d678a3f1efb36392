import { connect } from '../conformance/amanda/socket-client.ts';
import type { V1Client } from '../support/v1-client.ts';
import type { Told, Transport } from './transports.ts';

/** The ways of the dialects: their chats have numbers, and some of them know people by a cookie. */
export const dialectTransports = {
  'send to histories': (client, text) =>
    askInChat(client, { text, path: (id) => `/api/messages/${id}/send`, body: { text } }, (body) => {
      const { ai_response: answer, error } = body as { ai_response?: { text: string }; error?: string };
      return { said: answer?.text, sentence: error };
    }),

  'send to conversations': async (client, text) =>
    askInChat(
      client,
      {
        text,
        path: (id) => `/api/conversations/${id}/messages`,
        body: { text },
        headers: { cookie: await cookieOf(client), authorization: '' },
      },
      (body) => ({
        said: (body as { text: string }[])[1]?.text,
        sentence: (body as { error?: string }).error,
      }),
    ),

  'send to chat-sessions': (client, text) =>
    askInChat(
      client,
      { text, path: (id) => `/chat/sessions/${id}/messages`, body: { text, reply: true } },
      (body) => {
        const { ai_message: answer, error } = body as { ai_message?: { text: string }; error?: string };
        return { said: answer?.text, sentence: error };
      },
    ),

  'send to flutter': async (client, text) => {
    const { id: chat } = await client.json<{ id: string }>('POST', '/api/v1/chats', {});
    const path = `/chats/${chat}/messages/`;
    const response = await client.request('POST', path, { content: text });
    const { detail } = (await response.json()) as { detail?: string };
    const stored = response.ok ? await client.json<{ content: string }[]>('GET', path) : [];
    return { ...told(response, { said: stored[1]?.content, sentence: detail }), chat };
  },

  'send to amanda over Socket.IO': async (client, text) => {
    const { number, chat } = await newNumberedChat(client, text);
    const socket = await connect(client.url, await cookieOf(client));
    try {
      const answer = await socket.ask(number, text);
      const { event, payload } = answer.end;
      const sentence = event === 'error' ? String(payload['message']) : null;
      return {
        status: 200,
        retryAfter: null,
        text: answer.text,
        chat: await chat(),
        ends: [{ code: null, sentence }],
        // The page shows this one whatever it was.
        ...(sentence === null ? {} : { fixedSentence: 'AI service unavailable. Please try again later.' }),
      };
    } finally {
      socket.socket.close();
    }
  },
} satisfies Record<string, Transport>;

type Asking = {
  text: string;
  path: (number: number) => string;
  body: object;
  headers?: Record<string, string>;
};
type Read = (body: unknown) => { said: string | undefined; sentence: string | undefined };

async function askInChat(
  client: V1Client,
  { text, path, body, headers = {} }: Asking,
  read: Read,
): Promise<Told> {
  const { number, chat } = await newNumberedChat(client, text);
  const response = await client.request('POST', path(number), body, headers);
  return { ...told(response, read(await response.json())), chat: await chat() };
}

let chats = 0;

/** A chat by its number, and how /api/v1 names it. */
async function newNumberedChat(client: V1Client, text: string) {
  const title = `${(chats += 1)}: about ${text}`.slice(0, 200);
  const { id: number } = await client.json<{ id: number }>('POST', '/api/chat/create', { title });
  const chat = async () => {
    for (let cursor = ''; ;) {
      const page = await client.json<{ items: { id: string; title: string }[]; next_cursor: string | null }>(
        'GET',
        `/api/v1/chats?limit=100${cursor}`,
      );
      const found = page.items.find((one) => one.title === title);
      if (found || page.next_cursor === null) return found?.id ?? null;
      cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
    }
  };
  return { number, chat };
}

const told = (response: Response, { said, sentence }: ReturnType<Read>): Omit<Told, 'chat'> => ({
  // Some answer 201 where something was made.
  status: response.ok ? 200 : response.status,
  retryAfter: response.headers.get('retry-after'),
  ends: [{ code: null, sentence: sentence ?? null }],
  text: said ?? '',
});

const cookies = new WeakMap<V1Client, Promise<string>>();

/** A login of the same person by cookie; made once. */
function cookieOf(client: V1Client): Promise<string> {
  const made = cookies.get(client) ?? signInByCookie(client);
  cookies.set(client, made);
  return made;
}

async function signInByCookie(client: V1Client): Promise<string> {
  const { username } = await client.json<{ username: string }>('GET', '/api/v1/me');
  const account = { login: username, password: `the password of ${username}`, mode: 'cookie' };
  const answer = await client.request('POST', '/api/v1/auth/sign-in', account);
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}
