import type { EventSourceMessage } from 'eventsource-parser';
import type { Sent, V1Client, V1Message, V1Reply } from '../support/v1-client.ts';
import { dialectTransports } from './dialect-transports.ts';
import { readAllEvents, readEvents, textOf } from './read-events.ts';

/** What somebody who asked in one way was told. */
export type Told = {
  /** The answer's status; 200 for a stream, whose failure is an event. */
  status: number;
  retryAfter: string | null;
  /** How it ended: what the last event or the answer's body says. */
  ends: readonly { code: string | null; sentence: string | null }[];
  /** What this way says of every failure. */
  fixedSentence?: string;
  /** The assistant's text, as far as it was shown. */
  text: string;
  /** The chat, as /api/v1 names it; null where nothing is stored. */
  chat: string | null;
};

export type Transport = (client: V1Client, question: string) => Promise<Told>;

type EndData = { code?: string; detail?: string; reply: V1Reply };

/** Every way there is to ask for a reply. */
export const transports: Record<string, Transport> = {
  'send to /api/v1, then follow': async (client, text) => {
    const chat = await newChat(client);
    const sent = await client.json<Sent>('POST', `/api/v1/chats/${chat}/messages`, { text });
    const events = await readAllEvents(client.events(`/api/v1/replies/${sent.reply.id}/events`));
    return { ...toldBy(events), chat };
  },

  'send to /api/v1 as a stream': async (client, text) => {
    const chat = await newChat(client);
    const asStream = { accept: 'text/event-stream' };
    const response = await client.request('POST', `/api/v1/chats/${chat}/messages`, { text }, asStream);
    return { ...toldBy(await readAllEvents(readEvents(response))), chat };
  },

  ...dialectTransports,

  'ask histories outside any chat': async (client, message) => {
    const response = await client.request('POST', '/api/chat', { message });
    const body = (await response.json()) as { reply?: string; error?: string };
    return { ...answered(response, body.error), text: body.reply ?? '', chat: null };
  },
};

export async function newChat(client: V1Client): Promise<string> {
  return (await client.json<{ id: string }>('POST', '/api/v1/chats', {})).id;
}

/** All messages of a short chat, oldest first. */
export async function messagesOf(client: V1Client, chat: string): Promise<V1Message[]> {
  const path = `/api/v1/chats/${chat}/messages?limit=100`;
  return (await client.json<{ items: V1Message[] }>('GET', path)).items;
}

function toldBy(events: readonly EventSourceMessage[]): Omit<Told, 'chat'> {
  const ends = events
    .filter(({ event }) => event === 'reply-end' || event === 'reply-error')
    .map(({ data }) => JSON.parse(data) as EndData)
    .map(({ code = null, detail = null }) => ({ code, sentence: detail }));
  return { status: 200, retryAfter: null, ends, text: textOf(events) };
}

const answered = (response: Response, error: string | undefined) => ({
  status: response.status,
  retryAfter: response.headers.get('retry-after'),
  ends: [{ code: null, sentence: error ?? null }],
});
