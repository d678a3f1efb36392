import type { FakeAi } from '../support/fake-ai/fake-ai.mjs';
import type { V1Client } from '../support/v1-client.ts';

export type HistoriesAnswer = { status: number; retryAfter: string | null };
/** `asked` resolves when the AI has got the question, `answer` when the sender has got an answer. */
export type HistoriesSend = { asked: Promise<unknown>; answer: Promise<HistoriesAnswer> };
type Surroundings = { ai: FakeAi; client: V1Client };

/** A message to the dialect whose answer is the reply, in a chat of its own where none is given. */
export function historiesSend({ ai, client }: Surroundings, question: string, chat?: number): HistoriesSend {
  const text = `${question} in a chat`;
  const answer = async () => {
    const id = chat ?? (await createChat(client));
    return post(client, `/api/messages/${id}/send`, { text });
  };
  return { asked: askedFor(ai, text), answer: answer() };
}

/** A question outside any chat. */
export function ask({ ai, client }: Surroundings, question: string): HistoriesSend {
  const message = `${question} outside any chat`;
  return { asked: askedFor(ai, message), answer: post(client, '/api/chat', { message }) };
}

/** Two messages in one chat; resolves when the first is being answered and the second waits for its turn. */
export async function sendTwoToHistories(
  surroundings: Surroundings,
  texts: { first: string; second: string },
): Promise<{ first: Promise<HistoriesAnswer>; second: Promise<HistoriesAnswer> }> {
  const { client } = surroundings;
  const id = await createChat(client);
  const first = historiesSend(surroundings, texts.first, id);
  await first.asked;
  const second = historiesSend(surroundings, texts.second, id);
  for (let count = 0; count < 2;) {
    const messages = await client.json<{ sender: string }[]>('GET', `/api/messages/${id}/messages`);
    count = messages.filter(({ sender }) => sender === 'user').length;
  }
  return { first: first.answer, second: second.answer };
}

const createChat = async (client: V1Client): Promise<number> =>
  (await client.json<{ id: number }>('POST', '/api/chat/create', {})).id;

const askedFor = (ai: FakeAi, text: string) =>
  ai.nextRequest(({ body }) => body.messages?.at(-1)?.content === text);

async function post(client: V1Client, path: string, body: object): Promise<HistoriesAnswer> {
  const response = await client.request('POST', path, body);
  await response.text();
  return { status: response.status, retryAfter: response.headers.get('retry-after') };
}
