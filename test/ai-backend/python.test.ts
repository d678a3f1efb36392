import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProvider } from '../../src/providers/index.ts';
import { ask, collect } from '../providers/collect.ts';
import { playedSurroundings, settingsFor } from '../providers/settings.ts';
import { createPlayedAi } from '../support/played-ai.ts';
import { temporaryFolder } from '../support/server-process.ts';
import { askBackend, openAiBackend } from './open-ai-backend.ts';
import { withPython, generatePython, type PythonProcess, startPython } from './python.ts';

const generated = temporaryFolder();
afterAll(() => generated.remove());

describe('an AI backend in Python, made from the contract alone', () => {
  withPython(asServer);
});
describe('a client in Python, made from the contract alone', () => {
  withPython(asClient);
});

function asServer(): void {
  let server: PythonProcess;
  let port: number;
  beforeAll(async () => {
    generatePython(generated.folder);
    server = startPython('server.py', [generated.folder]);
    port = Number((await server.line()).split(' ')[1]);
  });
  afterAll(() => server.close());

  it('answers our questions, and remembers by user and chat', async () => {
    const client = askBackend(port);
    const texts: string[] = [];
    for (const [chatId, text] of [
      ['7', 'Hello'],
      ['7', '汉字 😀'],
      ['8', 'Hello'],
    ] as const) {
      const answered = await collect(client, ask(text, { userId: '3', chatId }));
      expect(answered.events.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
      texts.push(answered.text.trim());
    }
    expect(texts).toEqual([
      'user 3 in chat 7 after 0: Hello',
      'user 3 in chat 7 after 1: 汉字 😀',
      'user 3 in chat 8 after 0: Hello',
    ]);
  });

  it('may end without done', async () => {
    const { text, events } = await collect(askBackend(port), ask('end', { userId: 'e' }));
    expect(text).toBe('user e in chat 1 after 0: end ');
    expect(events.at(-1)?.type).toBe('finish');
  });

  it.each([
    ['raise', 'ai-broke-off', 'user r in chat 1 after 0: raise '],
    ['abort UNAVAILABLE', 'ai-unreachable', ''],
    ['abort RESOURCE_EXHAUSTED', 'ai-rate-limited', ''],
    ['abort PERMISSION_DENIED', 'ai-refused', ''],
    ['abort DEADLINE_EXCEEDED', 'ai-timed-out', ''],
  ])('fails, and is understood: %s is %s', async (question, code, text) => {
    const answered = await collect(askBackend(port), ask(question, { userId: 'r' }));
    expect(answered).toMatchObject({ text, thrown: { code } });
  });

  it('refuses what is too long for it', async () => {
    const { thrown } = await collect(askBackend(port), ask('x'.repeat(5_000_000)));
    expect(thrown).toMatchObject({ code: 'ai-refused' });
  });

  it('is told at once when nobody listens any more', async () => {
    const stop = new AbortController();
    const cancelled = server.line();
    for await (const event of askBackend(port).stream(ask('hang'), stop.signal)) {
      expect(event.type).toBe('text-delta');
      stop.abort();
    }
    expect(await cancelled).toBe('cancelled');
  });

  it('can be reached', async () => {
    expect(await askBackend(port).models()).toEqual([{ id: 'ai-backend' }]);
  });
}

function asClient(): void {
  beforeAll(() => generatePython(generated.folder));

  const open = (address: string) => {
    const client = startPython('client.py', [generated.folder, address]);
    return {
      close: () => client.close(),
      async ask(question: object): Promise<Printed> {
        client.write(JSON.stringify(question));
        return JSON.parse(await client.line()) as Printed;
      },
    };
  };

  it('is answered by our AI backend, which remembers', async () => {
    const basic = createProvider(settingsFor({}), playedSurroundings());
    const client = open((await openAiBackend(basic)).address);
    const chat = { user_id: '1', chat_id: '2' };
    const first = await client.ask({ ...chat, message: 'Hi, my name is Ada.' });
    expect(first).toMatchObject({ status: 'OK' });
    expect(first.chunks.at(-1)).toEqual({ text: '', done: true });
    expect(first.chunks.filter(({ done }) => done)).toHaveLength(1);
    const second = await client.ask({ ...chat, message: 'What is my name?', first_name: 'Grace' });
    expect(second.chunks.map(({ text }) => text).join('')).toContain('Ada');
    const other = await client.ask({ ...chat, chat_id: '3', message: 'What is my name?' });
    expect(other.chunks.map(({ text }) => text).join('')).not.toContain('Ada');
    await client.close();
  });

  it('is told what is wrong', async () => {
    const basic = createProvider(settingsFor({}), playedSurroundings());
    const client = open((await openAiBackend(basic)).address);
    expect(await client.ask({ user_id: '1', chat_id: '2' })).toEqual({
      chunks: [],
      status: 'INVALID_ARGUMENT',
      details: 'message must not be empty',
    });
    await client.close();
  });

  it('stops our AI when it cancels', async () => {
    const ai = createPlayedAi();
    const client = open((await openAiBackend(ai)).address);
    const answered = client.ask({ user_id: '1', chat_id: '2', message: 'Hello', cancel_after: 1 });
    const asked = await ai.next();
    asked.say('Hel');
    await asked.stopped;
    expect(await answered).toMatchObject({ chunks: [{ text: 'Hel', done: false }], status: 'CANCELLED' });
    await client.close();
  });
}

type Printed = { chunks: { text: string; done: boolean }[]; status: string; details: string };
