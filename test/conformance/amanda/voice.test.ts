import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createFakeVoice, type FakeVoice, spokenAudio } from '../../support/fake-voice/fake-voice.ts';
import { samples } from '../../support/sample-files.ts';
import { openTarget, type Target } from '../target.ts';
import { type Client, createClient } from './client.ts';
import { connect, isEnd, type TestSocket } from './socket-client.ts';

const wav = samples['wav']?.bytes ?? Buffer.alloc(0);
const failed = (message: string) => ({ event: 'error', payload: { message } });
const unspoken = (message: string) => ({ event: 'error', payload: { message, event: 'text_to_speech' } });
const unavailable = 'AI service unavailable. Please try again later.';

/** Sends a voice message, and waits for the end. */
function speakTo(socket: TestSocket, payload: object, ...more: unknown[]) {
  const from = socket.told.length;
  socket.socket.emit('send_voice_message', payload, ...more);
  return socket.answer(from);
}

/** Asks for a speech, and waits for what comes of it. */
function haveRead(socket: TestSocket, payload: unknown) {
  const from = socket.told.length;
  socket.socket.emit('text_to_speech', payload);
  return socket.next(({ event }) => event === 'speech' || event === 'error', from);
}

/** Asks with an acknowledgement. */
const acknowledged = (socket: TestSocket, event: string, payload: unknown): Promise<unknown> =>
  new Promise((resolve) => {
    socket.socket.emit(event, payload, resolve);
  });

// Somebody else's server hears by a service of its own.
describe.skipIf(!inject('isOurs'))('with a voice service', () => {
  let fake: FakeVoice;
  let target: Target;
  let client: Client;
  let cookie: string;
  let chatId: number;
  let socket: TestSocket;
  beforeAll(async () => {
    fake = await createFakeVoice();
    target = await openTarget({ VOICE_BASE_URL: fake.url });
    client = createClient(target.url);
    ({ cookie } = await client.newUser());
  });
  afterAll(async () => {
    await target.close();
    await fake.close();
  });
  beforeEach(async () => {
    fake.requests.splice(0);
    chatId = await client.newChat(cookie);
    socket = await connect(client.url, cookie);
    return () => socket.socket.close();
  });

  describe('send_voice_message', () => {
    it.each<[string, unknown]>([
      ['bytes', wav],
      ['base64', wav.toString('base64')],
      ['a data URL', `data:audio/webm;codecs=opus;base64,${wav.toString('base64')}`],
    ])('of %s is heard, stored as a message and answered as one', async (_name, audio) => {
      fake.play({ said: ' What is 6 * 7?' });
      const { text, end } = await speakTo(socket, { chat_id: String(chatId), audio, language: 'en-US' });
      expect(text).toContain('42');
      expect(end.payload).toEqual({ message_id: expect.any(Number) as number, full_text: text });
      expect(fake.requests[0]).toMatchObject({
        fields: { model: 'whisper-1', language: 'en' },
        file: { name: 'recording.wav', bytes: wav },
      });
      expect(await client.messages(cookie, chatId)).toMatchObject([
        { role: 'user', content: 'What is 6 * 7?' },
        { role: 'assistant', content: text },
      ]);
    });

    it('an acknowledgement gets `message_id` and `text`', async () => {
      const answer = await acknowledged(socket, 'send_voice_message', { chat_id: chatId, audio: wav });
      await socket.next(isEnd);
      const [stored] = await client.messages(cookie, chatId);
      expect(answer).toEqual({ message_id: stored?.id, text: 'What is a compiler?' });
    });

    it('counts once with its `client_message_id`, even if it would be heard otherwise', async () => {
      const payload = { chat_id: chatId, audio: wav, client_message_id: crypto.randomUUID() };
      fake.play({ said: 'Hello there' });
      const first = await speakTo(socket, payload);
      fake.play({ said: 'Yellow hair' });
      await using other = await connect(client.url, cookie, '4.8 over polling alone');
      expect(await speakTo(other, payload)).toEqual(first);
      expect(await client.messages(cookie, chatId)).toHaveLength(2);
      expect(fake.requests.length).toBe(1);
      // The scene that nobody asked for.
      await speakTo(socket, { chat_id: chatId, audio: wav });
    });

    it('keeps its place before a typed message that comes while it is heard', async () => {
      socket.socket.emit('send_voice_message', { chat_id: chatId, audio: wav });
      socket.socket.emit('send_message', { chat_id: chatId, message: 'typed' });
      await expect.poll(() => socket.told.filter(isEnd).length).toBe(2);
      const messages = await client.messages(cookie, chatId);
      const said = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
      expect(said).toEqual(['What is a compiler?', 'typed']);
    });

    it('a recording of 3 MiB goes through, in base64 and over polling as well', async () => {
      const large = Buffer.concat([wav, Buffer.alloc(3 * 1024 * 1024 - 1_000, 7)]);
      await using polling = await connect(client.url, cookie, '4.8 over polling alone');
      for (const one of [socket, polling]) {
        const { end } = await speakTo(one, { chat_id: chatId, audio: large.toString('base64') });
        expect(end.event).toBe('message_complete');
        expect(fake.requests.at(-1)?.file?.bytes.equals(large)).toBe(true);
      }
    });

    it.each<[string, object]>([
      ['no audio', {}],
      ['audio that is no base64', { audio: '***' }],
      ['audio that is nothing', { audio: '' }],
      ['audio of another type', { audio: 7 }],
      ['a language of another type', { audio: wav, language: 7 }],
      ['a language that is none', { audio: wav, language: 'the English one' }],
      ['a key of another type', { audio: wav, client_message_id: 7 }],
    ])('%s is `Invalid message data`', async (_name, payload) => {
      const { end } = await speakTo(socket, { chat_id: chatId, ...payload });
      expect(end).toEqual(failed('Invalid message data'));
      expect(fake.requests).toEqual([]);
    });

    it('what is no recording, and a recording without a word, are refused with a sentence', async () => {
      const png = samples['png']?.bytes;
      const picture = await speakTo(socket, { chat_id: chatId, audio: png });
      expect(picture.end).toEqual(failed('Only audio recordings are accepted here'));
      fake.play({ said: ' ' });
      const silence = await speakTo(socket, { chat_id: chatId, audio: wav });
      expect(silence.end).toEqual(failed('No speech was heard in the recording'));
      expect(await client.messages(cookie, chatId)).toEqual([]);
    });

    it('for somebody else’s chat, or none, is refused before anybody hears it', async () => {
      const owner = await client.newUser();
      const foreign = await client.newChat(owner.cookie);
      const denied = await speakTo(socket, { chat_id: foreign, audio: wav });
      expect(denied.end).toEqual(failed('Access denied'));
      const nowhere = await speakTo(socket, { chat_id: 2 ** 40, audio: wav });
      expect(nowhere.end).toEqual(failed('Chat not found'));
      expect(fake.requests).toEqual([]);
    });

    it.each([{ status: 500 }, { body: 'no JSON' }, { fault: 'cut' as const }])(
      'a service that fails (%j) ends it in one error, and nothing is stored',
      async (scene) => {
        fake.play(scene);
        expect((await speakTo(socket, { chat_id: chatId, audio: wav })).end).toEqual(failed(unavailable));
        expect((await socket.ask(chatId, 'typed')).end.event).toBe('message_complete');
        expect(await client.messages(cookie, chatId)).toHaveLength(2);
      },
    );

    it('whoever leaves takes the request to the service along, and sends nothing', async () => {
      fake.play({ fault: 'silence' });
      const arrived = fake.nextRequest();
      socket.socket.emit('send_voice_message', { chat_id: chatId, audio: wav });
      const request = await arrived;
      socket.socket.close();
      expect(await request.ended).toBe('left');
      expect(await client.messages(cookie, chatId)).toEqual([]);
    });
  });

  describe('voice_transcription', () => {
    it('tells what was heard, before the answer', async () => {
      await speakTo(socket, { chat_id: chatId, audio: wav });
      const [stored] = await client.messages(cookie, chatId);
      const at = socket.told.findIndex(({ event }) => event === 'voice_transcription');
      const payload = { message_id: stored?.id, chat_id: chatId, text: 'What is a compiler?' };
      expect(socket.told[at]).toEqual({ event: 'voice_transcription', payload });
      expect(socket.told.findIndex(({ event }) => event === 'message_token')).toBeGreaterThan(at);
    });
  });

  describe('text_to_speech', () => {
    it('reads a text, with a voice and in a format', async () => {
      const told = await haveRead(socket, { text: ' Hello! ', voice: 'nova', format: 'wav' });
      const audio = spokenAudio('Hello!', 'wav').toString('base64');
      expect(told).toEqual({ event: 'speech', payload: { audio, media_type: 'audio/wav' } });
      expect(fake.requests[0]?.fields).toMatchObject({ voice: 'nova', input: 'Hello!', model: 'tts-1' });
    });

    it('reads a message, of either side', async () => {
      const { end, text } = await socket.ask(chatId, 'Hello, Amanda!');
      const id = end.payload['message_id'];
      for (const message_id of [id, String(id)]) {
        const { payload } = await haveRead(socket, { message_id, voice: null, format: '' });
        expect(payload).toEqual({
          audio: spokenAudio(text).toString('base64'),
          media_type: 'audio/mpeg',
          message_id: id,
        });
      }
    });

    it('is answered by its acknowledgement alone, where it has one', async () => {
      const from = socket.told.length;
      const audio = spokenAudio('Hello!').toString('base64');
      const said = await acknowledged(socket, 'text_to_speech', { text: 'Hello!' });
      expect(said).toEqual({ audio, media_type: 'audio/mpeg' });
      const refused = await acknowledged(socket, 'text_to_speech', { text: '' });
      expect(refused).toEqual({ error: 'Message cannot be empty' });
      expect(socket.told.slice(from)).toEqual([]);
    });

    it.each<[unknown, string]>([
      [null, 'Invalid message data'],
      [{}, 'Invalid message data'],
      [{ text: 7 }, 'Invalid message data'],
      [{ message_id: true }, 'Invalid message data'],
      [{ text: 'x', voice: 7 }, 'Invalid message data'],
      [{ text: 'x', format: 'pcm' }, 'Invalid message data'],
      [{ text: ' ' }, 'Message cannot be empty'],
      [{ text: 'x'.repeat(4_097) }, 'The text is too long to be read aloud'],
      [{ message_id: 2 ** 40 }, 'Message not found'],
    ])('%j is refused', async (payload, sentence) => {
      expect(await haveRead(socket, payload)).toEqual(unspoken(sentence));
      expect(fake.requests).toEqual([]);
    });

    it('somebody else’s message is not found', async () => {
      const owner = await client.newUser();
      const foreign = await client.newChat(owner.cookie);
      await using theirs = await connect(client.url, owner.cookie);
      const { end } = await theirs.ask(foreign, 'secret');
      const told = await haveRead(socket, { message_id: end.payload['message_id'] });
      expect(told).toEqual(unspoken('Message not found'));
      expect(fake.requests).toEqual([]);
    });

    it('a service that fails is told as such, and ends no send', async () => {
      for (const scene of [{ status: 500 }, { body: '<html>' }, { fault: 'cut' as const }]) {
        fake.play(scene);
        expect(await haveRead(socket, { text: 'Hello!' })).toEqual(unspoken(unavailable));
      }
      expect((await socket.ask(chatId, 'typed')).end.event).toBe('message_complete');
    });
  });

  describe('speech', () => {
    it('comes beside sends, which do not wait for it', async () => {
      fake.play({ fault: 'silence' });
      const arrived = fake.nextRequest();
      socket.socket.emit('text_to_speech', { text: 'Hello!' });
      const request = await arrived;
      expect((await socket.ask(chatId, 'typed')).end.event).toBe('message_complete');
      socket.socket.close();
      expect(await request.ended).toBe('left');
    });

    it.each(['4.5.4 over websocket', '4.8 over polling alone'] as const)('is whole over %s', async (name) => {
      const body = Buffer.concat([spokenAudio(''), Buffer.alloc(2 * 1024 * 1024, 'sound')]);
      fake.play({ body });
      await using other = await connect(client.url, cookie, name);
      const { payload } = await haveRead(other, { text: 'Hello!' });
      expect(Buffer.from(String(payload['audio']), 'base64').equals(body)).toBe(true);
      expect((await other.ask(chatId, 'typed')).end.event).toBe('message_complete');
    });
  });
});

describe.skipIf(!inject('isOurs'))('without a voice service', () => {
  const client = createClient(inject('sharedUrl'));

  it('both events say so in their own words, and everything else works', async () => {
    const { cookie } = await client.newUser();
    const chatId = await client.newChat(cookie);
    await using socket = await connect(client.url, cookie);
    const sentence = 'No voice service is configured for this';
    const large = Buffer.concat([wav, Buffer.alloc(1024 * 1024)]);
    expect((await speakTo(socket, { chat_id: chatId, audio: large })).end).toEqual(failed(sentence));
    expect(await haveRead(socket, { text: 'Hello!' })).toEqual(unspoken(sentence));
    expect((await socket.ask(chatId, 'typed')).end.event).toBe('message_complete');
    expect(await client.messages(cookie, chatId)).toHaveLength(2);
  });
});
