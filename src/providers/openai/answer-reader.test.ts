import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codePoint } from '../../../test/support/code-point.ts';
import { AnswerReader } from './answer-reader.ts';

const event = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;

/** Bytes cut at the given places, wherever these fall. */
const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted(
    (a, b) => a - b,
  );
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
};

describe('reading an answer', () => {
  it('gives the text byte for byte, however the stream was cut', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: codePoint }).map((text) => text.replaceAll('\0', '')),
          { maxLength: 8 },
        ),
        fc.array(fc.nat(), { maxLength: 12 }),
        (texts, places) => {
          const reader = new AnswerReader('');
          let read = '';
          for (const chunk of cut(Buffer.from(texts.map(event).join('')), places)) {
            reader.feed(chunk);
            read += reader.take();
          }
          read += reader.take(true);
          expect(reader.failure).toBeUndefined();
          expect(read).toBe(texts.join(''));
        },
      ),
    );
  });

  it.each([
    ['CR LF line ends', 'data: {"choices":[{"delta":{"content":"a"}}]}\r\n\r\ndata: [DONE]\r\n\r\n'],
    [
      'comments and other fields',
      ': hi\n\nevent: x\nid: 1\ndata: {"choices":[{"delta":{"content":"a"}}]}\n\n',
    ],
    [
      'null where nothing is to be said',
      'data: {"choices":[{"delta":{"content":null}}]}\n\ndata: {"choices":[{"delta":{"content":"a"}}],"usage":null,"error":null}\n\n',
    ],
    [
      'parts instead of a string',
      'data: {"choices":[{"delta":{"content":[{"type":"thinking"},{"type":"text","text":"a"}]}}]}\n\n',
    ],
    ['a refusal', 'data: {"choices":[{"delta":{"content":null,"refusal":"a"}}]}\n\n'],
    [
      'events without choices',
      'data: {"type":"ping"}\n\ndata: {"choices":[{"delta":{"content":"a"}}]}\n\ndata: {"choices":[]}\n\n',
    ],
    [
      'text after [DONE]',
      'data: {"choices":[{"delta":{"content":"a"}}]}\n\ndata: [DONE]\n\ndata: {"choices":[{"delta":{"content":"b"}}]}\n\n',
    ],
  ])('understands %s', (_name, stream) => {
    const reader = new AnswerReader('');
    reader.feed(Buffer.from(stream));
    expect({ failure: reader.failure, text: reader.take(true) }).toEqual({ failure: undefined, text: 'a' });
  });

  it.each([
    ['a number', 'data: 12\n\n'],
    ['a list', 'data: null\n\n'],
    ['broken JSON', 'data: {"choices"\n\n'],
    ['bytes that are no UTF-8', Buffer.from([0x64, 0x61, 0xc3, 0x28])],
  ])('refuses %s', (_name, stream) => {
    const reader = new AnswerReader('');
    reader.feed(Buffer.from(stream as Buffer));
    expect(reader.failure).toMatchObject({ code: 'ai-answer-unreadable' });
  });

  it('keeps the text that came before a failure', () => {
    const reader = new AnswerReader('');
    reader.feed(Buffer.from(`${event('kept')}data: {"choices"\n\n`));
    expect({ code: reader.failure?.code, text: reader.take(true) }).toEqual({
      code: 'ai-answer-unreadable',
      text: 'kept',
    });
  });

  it('takes the last count of several', () => {
    const reader = new AnswerReader('');
    for (const tokens of [1, 2, 3]) {
      reader.feed(
        Buffer.from(`data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":${tokens}}}\n\n`),
      );
    }
    expect(reader.usage).toEqual({ promptTokens: 5, completionTokens: 3 });
  });
});
