import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { connect, isEnd, type TestSocket } from '../conformance/amanda/socket-client.ts';
import { startSocketIoServer, type SocketIoTestServer } from './socket-io-server.ts';

let server: SocketIoTestServer;
let cookie: string;
let chatId: number;
beforeAll(async () => {
  server = await startSocketIoServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  ({ cookie, chatId } = await server.newUser());
});

/** What a page has on its screen that adds every token to what it shows, until the first end of its own. */
function shownBy({ told }: TestSocket): string {
  return told
    .slice(0, told.findIndex(isEnd))
    .filter(({ event }) => event === 'message_token')
    .map(({ payload }) => payload['text'])
    .join('');
}

/** Resolves when a socket was told all that has happened so far. */
async function upToDate(socket: TestSocket): Promise<void> {
  const actor = await server.core.core.sessions.checkCookie(cookie.slice('session='.length));
  const { id } = await server.core.core.chats.create(actor, {});
  await socket.next(
    ({ event, payload }) => event === 'chat_created' && (payload['chat'] as { id: number }).id === id,
  );
}

const isOfReply = ({ event }: { event: string }) => /^message_(token|complete)$/.test(event);

it('an answer that another tab asked for comes to an idle page at its end, and never among the words of its own', async () => {
  await using one = await connect(server.url, cookie);
  await using other = await connect(server.url, cookie);
  await using idle = await connect(server.url, cookie);
  one.socket.emit('send_message', { chat_id: chatId, message: 'What is Python?' });
  const first = await server.core.ai.next();
  first.say('Python is a ');
  await one.next(({ event }) => event === 'message_token');
  await Promise.all([upToDate(other), upToDate(idle)]);
  expect(idle.told.filter(isOfReply)).toEqual([]);

  const question = { chat_id: chatId, message: 'What is 2+2?' };
  await new Promise((resolve) => other.socket.emit('send_message', question, resolve));
  first.finish('language.');
  (await server.core.ai.next()).finish('2+2 ', '= 4');
  const [python, sum] = await Promise.all([one.next(isEnd), other.next(isEnd)]);
  expect(shownBy(one)).toBe('Python is a language.');
  expect(shownBy(other)).toBe('2+2 = 4');

  await upToDate(idle);
  const copies = [python, sum].flatMap(({ payload: { message_id, full_text } }) => {
    const origin = { chat_id: chatId, message_id };
    return [
      { event: 'message_token', payload: { text: full_text, ...origin } },
      { event: 'message_complete', payload: { full_text, ...origin } },
    ];
  });
  expect(idle.told.filter(isOfReply)).toEqual(copies);
});

it('a page that comes back in the middle of its answer and asks again under the same id gets it once', async () => {
  const question = { chat_id: chatId, message: 'What is Python?', client_message_id: crypto.randomUUID() };
  const before = await connect(server.url, cookie);
  before.socket.emit('send_message', question);
  const answer = await server.core.ai.next();
  answer.say('Python is a ');
  await before.next(({ event }) => event === 'message_token');
  before.socket.close();

  await using again = await connect(server.url, cookie);
  await upToDate(again);
  await new Promise((resolve) => again.socket.emit('send_message', question, resolve));
  answer.finish('language.');
  expect((await again.next(isEnd)).payload['full_text']).toBe('Python is a language.');
  expect(shownBy(again)).toBe('Python is a language.');
});
