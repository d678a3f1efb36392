import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createVoice } from '../../src/voice/create-voice.ts';
import { createFakeVoice, type FakeVoice, spokenAudio } from '../support/fake-voice/fake-voice.ts';
import { samples } from '../support/sample-files.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { type Client, newUser } from './client.ts';
import { playAi } from './played-ai.ts';

let fake: FakeVoice;
let server: ApiServer;
let client: Client;
let closeVoice: () => Promise<void>;
beforeAll(async () => {
  fake = await createFakeVoice();
  const voice = createVoice({
    baseUrl: fake.url,
    apiKey: '',
    transcriptionModel: 'whisper-1',
    speechModel: 'tts-1',
    speechVoice: 'alloy',
    firstTokenTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
  });
  closeVoice = () => voice.close();
  server = await startApiServer({ ...playAi(), voice });
  ({ client } = await newUser(server.url));
});
afterAll(async () => {
  await server.close();
  await closeVoice();
  await fake.close();
});
beforeEach(() => void fake.requests.splice(0));

const bytesOf = (name: string): Buffer => samples[name]?.bytes ?? Buffer.alloc(0);
const webm = Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), Buffer.from('....B\u0082\u0084webm....')]);
const m4a = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypM4A \0\0\0\0M4A isom')]);
type Part = [name: string, value: string | Uint8Array, file?: string];

async function transcribe(parts: Part[], init: RequestInit = {}): Promise<{ status: number; body: unknown }> {
  const form = new FormData();
  for (const [name, value, file = 'x.mp3'] of parts) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, new File([new Uint8Array(value)], file, { type: 'audio/mpeg' }));
  }
  const { headers } = client;
  const answer = await fetch(`${server.url}/api/v1/transcriptions`, {
    method: 'POST',
    headers,
    body: form,
    ...init,
  });
  return { status: answer.status, body: await answer.json() };
}
const speak = (body: object, init: RequestInit = {}) =>
  fetch(`${server.url}/api/v1/speech`, {
    method: 'POST',
    headers: { ...client.headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...init,
  });
const problem = async (answer: Response) => ({
  status: answer.status,
  body: await answer.json(),
});
const codeOf = (status: number, code: string) => ({
  status,
  body: expect.objectContaining({ code }) as unknown,
});

describe('POST /transcriptions', () => {
  test('gives what was said, without the white space that models put before it', async () => {
    fake.play({ said: '\n Grüße,  \u0000漢字! ' });
    expect(await transcribe([['file', bytesOf('wav')]])).toEqual({
      status: 200,
      body: { text: 'Grüße,  漢字!' },
    });
  });

  test('gives an empty text where nothing was said', async () => {
    fake.play({ said: ' \n' });
    expect(await transcribe([['file', bytesOf('wav')]])).toEqual({ status: 200, body: { text: '' } });
  });

  test.each([
    ['wav', bytesOf('wav'), 'audio/wav'],
    ['mp3', bytesOf('mp3'), 'audio/mpeg'],
    ['mp3', Buffer.from('ID3\u0003'), 'audio/mpeg'],
    ['webm', webm, 'audio/webm'],
    ['m4a', m4a, 'audio/mp4'],
    ['ogg', Buffer.from('OggS\0\u0002'), 'audio/ogg'],
    ['flac', Buffer.from('fLaC\0\0\0"'), 'audio/flac'],
    ['aac', Buffer.from([0xff, 0xf1, 0x50, 0x80]), 'audio/aac'],
    ['amr', Buffer.from('#!AMR\n'), 'audio/amr'],
  ])('sends %s on under a name and a type of its own', async (extension, bytes, type) => {
    expect(await transcribe([['file', bytes, '../../etc/passwd"\r\n.html']])).toMatchObject({ status: 200 });
    expect(fake.requests[0]?.file).toEqual({ name: `recording.${extension}`, type, bytes });
  });

  test.each(['png', 'webp', 'pdf of letters', 'text', 'html', 'svg', 'zip', 'program', 'noise'])(
    'refuses %s, whatever it is called, without asking anybody',
    async (name) => {
      expect(await transcribe([['file', bytesOf(name)]])).toEqual(codeOf(415, 'recording-type-refused'));
      expect(fake.requests).toEqual([]);
    },
  );

  test.each<[string, Part[], number, string]>([
    ['no file', [['language', 'en']], 400, 'fields-missing'],
    ['a file of another name', [['audio', bytesOf('wav')]], 400, 'fields-missing'],
    ['an empty file', [['file', Buffer.alloc(0)]], 400, 'file-empty'],
    ['a file over the limit', [['file', Buffer.alloc(10 * 1024 * 1024 + 1, 0xff)]], 413, 'file-too-large'],
    [
      'no language',
      [
        ['file', bytesOf('wav')],
        ['language', 'en"\r\n'],
      ],
      400,
      'field-invalid',
    ],
  ])('refuses %s', async (_name, parts, status, code) => {
    expect(await transcribe(parts)).toEqual(codeOf(status, code));
    expect(fake.requests).toEqual([]);
  });

  test.each<[string, Part[]]>([
    [
      'before',
      [
        ['language', 'en-GB'],
        ['file', bytesOf('wav')],
      ],
    ],
    [
      'behind',
      [
        ['file', bytesOf('wav')],
        ['language', 'EN'],
      ],
    ],
  ])('takes a language %s the file', async (_name, parts) => {
    await transcribe(parts);
    expect(fake.requests[0]?.fields['language']).toBe('en');
  });

  test.each([
    [
      'a form that is cut off',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nRIFF',
      400,
    ],
    ['a form without a boundary', 'multipart/form-data', 'x', 400],
    ['JSON', 'application/json', '{"file": "RIFF"}', 400],
    ['bare audio', 'audio/mpeg', 'ID3', 415],
  ])('refuses %s', async (_name, type, body, status) => {
    const answer = await transcribe([], { body, headers: { ...client.headers, 'content-type': type } });
    expect(answer.status).toBe(status);
  });

  test.each([
    [{ status: 401 }, 503, 'ai-refused'],
    [{ status: 500 }, 503, 'ai-unreachable'],
    [{ body: 'no JSON' }, 502, 'ai-answer-unreadable'],
  ])('says honestly when the service fails: %j', async (scene, status, code) => {
    fake.play(scene);
    expect(await transcribe([['file', bytesOf('wav')]])).toEqual(codeOf(status, code));
  });

  test('a client that leaves takes the request to the service along', async () => {
    fake.play({ fault: 'silence' });
    const arrived = fake.nextRequest();
    const leaving = new AbortController();
    const asked = transcribe([['file', bytesOf('wav')]], { signal: leaving.signal });
    const request = await arrived;
    leaving.abort();
    await expect(asked).rejects.toThrow(/aborted/);
    expect(await request.ended).toBe('left');
  });

  test('hears four recordings of a user at the same time, and no fifth', async () => {
    const { client: other } = await newUser(server.url);
    const leaving = new AbortController();
    const held = [];
    for (let count = 0; count < 4; count += 1) {
      fake.play({ fault: 'silence' });
      const arrived = fake.nextRequest();
      held.push(transcribe([['file', bytesOf('wav')]], { signal: leaving.signal }));
      await arrived;
    }
    const four = fake.requests.slice();
    expect(await transcribe([['file', bytesOf('wav')]])).toEqual(codeOf(429, 'too-many-requests'));
    expect((await transcribe([['file', bytesOf('wav')]], { headers: other.headers })).status).toBe(200);
    leaving.abort();
    await Promise.allSettled(held);
    for (const { ended } of four) expect(await ended).toBe('left');
    await expect.poll(async () => (await transcribe([['file', bytesOf('wav')]])).status).toBe(200);
  });
});

describe('POST /speech', () => {
  test.each([
    ['mp3', 'audio/mpeg'],
    ['wav', 'audio/wav'],
    ['flac', 'audio/flac'],
  ])('answers %s with its own type, and nothing to sniff', async (format, type) => {
    const answer = await speak({ text: ' Hello! ', format, voice: 'nova' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(spokenAudio('Hello!', format));
    expect(fake.requests[0]?.fields).toMatchObject({
      input: 'Hello!',
      voice: 'nova',
      response_format: format,
    });
  });

  test.each([
    [{}, 400, 'fields-missing'],
    [{ text: ' \n' }, 400, 'text-empty'],
    [{ text: 'a\u0000' }, 400, 'text-not-unicode'],
    [{ text: 'x'.repeat(4_097) }, 422, 'speech-too-long'],
    [{ text: 'x', format: 'pcm' }, 400, 'field-invalid'],
    [{ text: 'x', voice: 'a b' }, 400, 'field-invalid'],
    [{ text: 'x', model: 'y' }, 400, 'field-invalid'],
  ])('refuses %j, without asking anybody', async (body, status, code) => {
    expect(await problem(await speak(body))).toEqual(codeOf(status, code));
    expect(fake.requests).toEqual([]);
  });

  test.each([
    [{ status: 400 }, 503, 'ai-refused'],
    [{ body: '' }, 502, 'ai-answer-empty'],
    [{ body: '<html>' }, 502, 'ai-answer-unreadable'],
  ])('says honestly when the service fails: %j', async (scene, status, code) => {
    fake.play(scene);
    expect(await problem(await speak({ text: 'x' }))).toEqual(codeOf(status, code));
  });

  test('an answer that breaks off ends with its connection, never as if it were whole', async () => {
    fake.play({ fault: 'cut' });
    const answer = await speak({ text: 'Hello!' });
    expect(answer.status).toBe(200);
    await expect(answer.arrayBuffer()).rejects.toThrow(/terminated/);
  });

  test('comes as it is made; a client that leaves takes the request to the service along', async () => {
    fake.play({ fault: 'stall' });
    const leaving = new AbortController();
    const answer = await speak({ text: 'Hello!' }, { signal: leaving.signal });
    const first = await answer.body?.getReader().read();
    expect(first?.value?.length).toBeGreaterThan(0);
    leaving.abort();
    expect(await fake.requests[0]?.ended).toBe('left');
  });
});

describe('without a voice service', () => {
  test('both say so, before a recording is read', async () => {
    const { client: deaf } = await newUser(mute.url);
    const form = new FormData();
    form.append('file', new File([new Uint8Array(bytesOf('wav'))], 'x.wav'));
    const init = { method: 'POST', headers: deaf.headers };
    const heard = await fetch(`${mute.url}/api/v1/transcriptions`, { ...init, body: form });
    expect(await problem(heard)).toEqual(codeOf(422, 'voice-unavailable'));
    const said = await deaf.post('/speech', { text: 'Hello!' });
    expect(said).toMatchObject({
      status: 422,
      body: { code: 'voice-unavailable', detail: 'No voice service is configured for this' },
    });
  });

  let mute: ApiServer;
  beforeAll(async () => {
    mute = await startApiServer(playAi());
  });
  afterAll(() => mute.close());
});
