import { expect } from 'vitest';
import { errors } from '../../src/core/errors.ts';
import type { ServerProcess } from '../support/server-process.ts';
import type { Sent, V1Client, V1Reply } from '../support/v1-client.ts';
import type { Fault } from './provider-worlds.ts';
import { readEvents } from './read-events.ts';
import { messagesOf, newChat, type Told } from './transports.ts';

/** Asks one of several models. */
export async function askModel(client: V1Client, model: string, text: string): Promise<Sent> {
  const { id } = await client.json<{ id: string }>('POST', '/api/v1/chats', { model });
  return client.json<Sent>('POST', `/api/v1/chats/${id}/messages`, { text });
}

type Met = { client: V1Client; question: string; told: Told | undefined; fault: Fault; text: string };

/** What holds after every failure, whoever failed and however it was asked. */
export async function expectHonestEnd({ client, question, told, fault, text }: Met): Promise<void> {
  const { code, status } = fault;
  if (!told) throw new Error('It was not asked');
  expect(told.ends).toHaveLength(1);
  expect(told.ends[0]?.sentence).toBe(told.fixedSentence ?? errors[code].message);
  if (told.status === 200) {
    if (told.fixedSentence === undefined) expect(told.ends[0]?.code).toBe(code);
    expect(told.text).toBe(text);
  } else {
    expect(told.status).toBe(status);
    if (status === 503) expect(Number(told.retryAfter)).toBeGreaterThan(0);
    else expect(told.text).toBe('');
  }
  if (told.chat === null) return;
  const messages = await messagesOf(client, told.chat);
  expect(messages[0]).toMatchObject({ role: 'user', state: 'complete', text: question });
  const kept = text === '' ? [] : [expect.objectContaining({ role: 'assistant', state: 'failed', text })];
  expect(messages.slice(1)).toEqual(kept);
}

/** Waits until so much of a reply's text can be seen. */
export async function seen(client: V1Client, reply: V1Reply, length: number): Promise<void> {
  if (length === 0) return;
  for await (const { id } of client.events(`/api/v1/replies/${reply.id}/events`)) {
    if (Number(id) >= length) return;
  }
  throw new Error('The reply ended before its text was there');
}

/** How often each of a user's replies ended, and which have not, by everything that ever happened to the user. */
export async function endsInFeed(
  { url }: ServerProcess,
  client: V1Client,
): Promise<{ ended: Map<string, number>; open: string[] }> {
  const ended = new Map<string, number>();
  const started = new Set<string>();
  const last = await newChat(client);
  const abort = new AbortController();
  const response = await fetch(`${url}/api/v1/events?after=0`, {
    headers: { authorization: `Bearer ${client.token}` },
    signal: abort.signal,
  });
  for await (const { event, data: body } of readEvents(response)) {
    const change = JSON.parse(body) as { reply?: V1Reply; chat?: { id: string } };
    if (event === 'chat-created' && change.chat?.id === last) break;
    const id = change.reply?.id;
    if (id === undefined) continue;
    if (event === 'reply-start') started.add(id);
    if (event === 'reply-end') ended.set(id, (ended.get(id) ?? 0) + 1);
  }
  abort.abort();
  return { ended, open: [...started].filter((id) => !ended.has(id)) };
}
