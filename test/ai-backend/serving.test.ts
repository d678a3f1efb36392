import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { DomainError, type ErrorCode } from '../../src/core/errors.ts';
import type { Provider } from '../../src/core/provider.ts';
import { aiService } from '../../src/providers/grpc/contract.ts';
import type { ChatChunk__Output, ChatMessage } from '../../src/providers/grpc/ai-backend-proto.ts';
import { createProvider } from '../../src/providers/index.ts';
import { ask, collect } from '../providers/collect.ts';
import { describeContract } from '../providers/contract.ts';
import { playedSurroundings, settingsFor } from '../providers/settings.ts';
import { createPlayedAi } from '../support/played-ai.ts';
import { askBackend, openAiBackend } from './open-ai-backend.ts';

const basic = () => createProvider(settingsFor({ provider: 'basic' }), playedSurroundings());

// Without its memory: with it, the same question is another one when it comes again.
describeContract('grpc', async () => {
  const { port } = await openAiBackend(basic(), { memory: { turnsPerChat: 0 } });
  return { provider: askBackend(port), long: 'help', close: async () => undefined };
});

/** Played: each question is answered by the test. */
const openPlayed = async (options?: Parameters<typeof openAiBackend>[1]) => {
  const ai = createPlayedAi();
  const backend = await openAiBackend(ai, options);
  const client = askBackend(backend.port);
  /** Asks, and answers. */
  const talk = async (question: string, answer: string) => {
    const answered = collect(client, ask(question));
    const asked = await ai.next();
    asked.finish(answer);
    await answered;
    return asked.prompt;
  };
  return { ai, client, talk, ...backend };
};

describe('the memory of an AI backend', () => {
  it('gives the AI what was said before in the chat', async () => {
    const { talk } = await openPlayed();
    await talk('One?', 'One.');
    expect(await talk('Two?', 'Two.')).toEqual({
      system: 'Be brief.',
      turns: [
        { role: 'user', text: 'One?' },
        { role: 'assistant', text: 'One.' },
        { role: 'user', text: 'Two?' },
      ],
      userId: '1',
      chatId: '1',
    });
  });

  it('is each chat’s own', async () => {
    const { ai, client, talk } = await openPlayed();
    await talk('One?', 'One.');
    for (const changes of [{ chatId: '2' }, { userId: '2' }]) {
      const answered = collect(client, ask('Two?', changes));
      const asked = await ai.next();
      asked.finish('Two.');
      await answered;
      expect(asked.prompt.turns).toHaveLength(1);
    }
  });

  it('keeps nothing of questions that belong to no chat', async () => {
    const { ai, client, memory } = await openPlayed();
    const answered = collect(client, ask('One?', { chatId: '0' }));
    (await ai.next()).finish('One.');
    await answered;
    expect(memory.size.chats).toBe(0);
  });

  it('has what was said before the caller went, and takes the same question as another try', async () => {
    const { ai, client, talk } = await openPlayed();
    const stop = new AbortController();
    const heard: string[] = [];
    const cut = (async () => {
      for await (const event of client.stream(ask('One?'), stop.signal)) {
        if (event.type === 'text-delta') heard.push(event.text);
        stop.abort();
      }
    })();
    const first = await ai.next();
    first.say('On');
    await cut;
    await first.stopped;
    expect(heard).toEqual(['On']);
    expect((await talk('One?', 'One.')).turns).toHaveLength(1);
    expect((await talk('Two?', 'Two.')).turns).toHaveLength(3);
  });
});

describe('what the caller says', () => {
  it.each<[string, ChatMessage]>([
    ['no message', { user_id: '1', chat_id: '1', message: '' }],
    ['blanks', { user_id: '1', chat_id: '1', message: ' \n' }],
    ['no user', { chat_id: '1', message: 'Hello' }],
    ['no chat', { user_id: '1', message: 'Hello' }],
    ['an endless id', { user_id: '1'.repeat(129), chat_id: '1', message: 'Hello' }],
  ])('is refused without asking the AI: %s', async (_, message) => {
    const { ai, port } = await openPlayed();
    expect(await call(port, message)).toMatchObject({ chunks: [], code: 3 });
    expect(ai.asked).toBe(0);
  });

  it('is refused when it is too long', async () => {
    const { client } = await openPlayed();
    const { thrown } = await collect(client, ask('x'.repeat(1_100_000)));
    expect(thrown).toMatchObject({ code: 'ai-refused' });
  });

  it('may be a first name, which the AI is told, in one line', async () => {
    const { ai, port } = await openPlayed();
    const answered = call(port, {
      user_id: '1',
      chat_id: '1',
      message: 'Hello',
      first_name: 'Ada\n\nIgnore',
    });
    const asked = await ai.next();
    asked.finish('Hello, Ada');
    expect(asked.prompt.system).toBe("Be brief.\nThe user's first name is Ada Ignore.");
    expect(await answered).toEqual({
      chunks: [
        { text: 'Hello, Ada', done: false },
        { text: '', done: true },
      ],
      code: 0,
    });
  });
});

describe('what goes wrong with the AI', () => {
  it.each<ErrorCode>([
    'ai-unreachable',
    'ai-refused',
    'ai-rate-limited',
    'ai-broke-off',
    'ai-answer-unreadable',
    'ai-timed-out',
  ])('is told so that the caller reads the same: %s', async (code) => {
    const { ai, client, log } = await openPlayed();
    const answered = collect(client, ask('One?'));
    const cause = new Error('the key sk-123 is wrong');
    (await ai.next()).breakOff(new DomainError(code, { cause, retryAfterSeconds: 7 }));
    const { thrown, events } = await answered;
    expect(events).toEqual([]);
    expect(thrown).toMatchObject({ code, retryAfterSeconds: 7 });
    expect(String((thrown as DomainError).cause)).not.toContain('sk-123');
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { code, err: cause } }]);
  });

  it('is told after some text, too, also when it just ends', async () => {
    const { ai, client } = await openPlayed();
    const answered = collect(client, ask('One?'));
    const asked = await ai.next();
    asked.say('On');
    asked.breakOff();
    expect(await answered).toMatchObject({ text: 'On', thrown: { code: 'ai-broke-off' } });
  });

  it('says nothing of a fault of its own', async () => {
    const { ai, port } = await openPlayed();
    const answered = call(port, { user_id: '1', chat_id: '1', message: 'Hello' });
    (await ai.next()).breakOff(new TypeError('secret is undefined'));
    expect(await answered).toEqual({ chunks: [], code: 13, details: 'Something went wrong' });
  });
});

describe('an answer', () => {
  it('is cut into chunks that every client takes, but no character is', async () => {
    const { ai, port } = await openPlayed();
    const text = `x${'😀'.repeat(40_000)}`;
    const answered = call(port, { user_id: '1', chat_id: '1', message: 'Hello' });
    (await ai.next()).finish(text);
    const { chunks } = await answered;
    expect(chunks.map((chunk) => chunk.text).join('')).toBe(text);
    expect(Math.max(...chunks.map((chunk) => chunk.text.length))).toBeLessThanOrEqual(16_384);
  });

  it('ends where it becomes too long, and the AI with it', async () => {
    const { ai, client } = await openPlayed({ answerLength: 10 });
    const answered = collect(client, ask('One?'));
    const asked = await ai.next();
    asked.say('12345', '67890', 'never shown');
    const { text, events } = await answered;
    expect(text).toBe('1234567890');
    expect(events.at(-1)?.type).toBe('finish');
    await asked.stopped;
  });

  it('makes the AI wait for a caller who does not read', async () => {
    let said = 0;
    const talkative: Provider = {
      ...basic(),
      async *stream(_prompt, signal) {
        while (!signal.aborted) {
          said += 1;
          yield { type: 'text-delta', text: 'x'.repeat(10_000) };
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
    };
    const { port } = await openAiBackend(talkative, { answerLength: Infinity });
    const client = askBackend(port);
    const stop = new AbortController();
    const answer = client.stream(ask('Talk'), stop.signal)[Symbol.asyncIterator]();
    await answer.next();
    let before = -1;
    for (let turns = 0; turns < 50; turns = said === before ? turns + 1 : 0) {
      before = said;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(said).toBeLessThan(1_000);
    stop.abort();
    await answer.next();
  });
});

describe('stopping', () => {
  it('lets answers finish, and takes no more questions', async () => {
    const { ai, client, stop } = await openPlayed({ graceMs: 20_000 });
    const answered = collect(client, ask('One?'));
    const asked = await ai.next();
    asked.say('On');
    const stopped = stop();
    asked.finish('e.');
    expect(await answered).toMatchObject({ text: 'One.', thrown: undefined });
    await stopped;
    expect((await collect(client, ask('Two?'))).thrown).toMatchObject({ code: 'ai-unreachable' });
  });

  it('ends answers that take too long, and their AI', async () => {
    const { ai, client, stop } = await openPlayed({ graceMs: 10 });
    const answered = collect(client, ask('One?'));
    const asked = await ai.next();
    asked.say('On');
    await stop();
    await asked.stopped;
    expect((await answered).thrown).toBeInstanceOf(DomainError);
  });

  it('stops the AI of a caller who goes', async () => {
    const { ai, client } = await openPlayed();
    const stop = new AbortController();
    const answered = collect(client, ask('One?'), stop.signal);
    const asked = await ai.next();
    stop.abort();
    await asked.stopped;
    expect(await answered).toMatchObject({ events: [], thrown: undefined });
  });
});

type Answered = { chunks: ChatChunk__Output[]; code: number; details?: string };

/** A call without any of the product's own client. */
function call(port: number, message: ChatMessage): Promise<Answered> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } = aiService.StreamChat;
  const stream = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, message);
  const chunks: ChatChunk__Output[] = [];
  return new Promise((resolve) => {
    stream.on('data', (chunk: ChatChunk__Output) => chunks.push(chunk));
    stream.on('end', () => resolve({ chunks, code: 0 }));
    stream.on('error', ({ code, details }: ServiceError) => resolve({ chunks, code, details }));
    stream.on('status', () => client.close());
  });
}
