import { beforeAll, describe, expect, inject, it } from 'vitest';
import { keysOf } from '../call.ts';
import { createClient } from './client.ts';

const client = createClient(inject('sharedUrl'));
let token: string;
beforeAll(async () => {
  ({ token } = await client.newUser());
});

describe('POST /api/chat', () => {
  it('wire: 200 `{message, reply, response (= reply)}`; nothing is stored', async () => {
    const answer = await client.call('POST /api/chat', { token, body: { message: 'hello' } });
    expect([answer.status, keysOf(answer.body)]).toEqual([200, ['message', 'reply', 'response']]);
    expect(answer.body).toMatchObject({ message: 'hello', reply: expect.stringMatching(/\S/) as string });
    expect(answer.body['response']).toBe(answer.body['reply']);
    expect((await client.call('GET /api/chat/histories', { token })).text).toBe('[]');
  });

  it.each([[{}], [{ message: '' }], [{ message: '   ' }]])(
    'wire "empty → 400 `Message cannot be empty`": %j',
    async (body) => {
      const answer = await client.call('POST /api/chat', { token, body });
      expect([answer.status, answer.body]).toEqual([400, { error: 'Message cannot be empty' }]);
    },
  );
});

describe('POST /api/chat/image', () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const multipart = (image: string | Blob | undefined, question = 'What is it?') => {
    const form = new FormData();
    if (image !== undefined) form.set('image', image);
    form.set('question', question);
    return form;
  };
  const ask = (raw: NonNullable<RequestInit['body']>) => client.call('POST /api/chat/image', { token, raw });

  it.each([
    ['a multipart file', () => multipart(new Blob([png], { type: 'image/png' }))],
    ['a multipart field with base64', () => multipart(png.toString('base64'))],
    ['a multipart field with a data URL', () => multipart(`data:image/png;base64,${png.toString('base64')}`)],
    [
      'urlencoded base64',
      () => new URLSearchParams({ image: png.toString('base64'), question: 'What is it?' }),
    ],
    ['a large file', () => multipart(new Blob([Buffer.concat([png, Buffer.alloc(4 * 1024 * 1024)])]))],
  ])('wire "`image` (file, base64 or data URL) + `question`": %s', async (_name, body) => {
    const answer = await ask(body());
    expect([answer.status, keysOf(answer.body)]).toEqual([200, ['question', 'reply', 'response']]);
    expect(answer.body).toMatchObject({
      question: 'What is it?',
      reply: expect.stringMatching(/\S/) as string,
    });
    expect(answer.body['response']).toBe(answer.body['reply']);
    expect((await client.call('GET /api/chat/histories', { token })).text).toBe('[]');
  });

  it.each([
    ['multipart', () => multipart(undefined)],
    ['an empty file', () => multipart(new Blob([]))],
    ['urlencoded', () => new URLSearchParams({ question: 'x' })],
  ])('wire "none → 400 `No image provided`": %s', async (_name, body) => {
    const answer = await ask(body());
    expect([answer.status, answer.body]).toEqual([400, { error: 'No image provided' }]);
  });

  it('refuses an image of more than 8 MiB with 413', async () => {
    const answer = await ask(multipart(new Blob([Buffer.alloc(8 * 1024 * 1024 + 1)])));
    expect([answer.status, keysOf(answer.body)]).toEqual([413, ['error']]);
  });

  it('a multipart body that is none is a 4xx', async () => {
    const answer = await client.call('POST /api/chat/image', {
      token,
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      raw: 'nothing of the kind',
    });
    expect([answer.status, keysOf(answer.body)]).toEqual([400, ['error']]);
  });
});
