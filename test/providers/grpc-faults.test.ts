import { status as codes } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { DomainError, type ErrorCode } from '../../src/core/errors.ts';
import { unreachablePort } from '../support/fake-grpc-ai/fake-grpc-ai.ts';
import { grpcAnswer } from '../support/fake-grpc-ai/script.ts';
import { ask, collect } from './collect.ts';
import { askAt, open } from './open-grpc.ts';
import { playedSurroundings } from './settings.ts';

const codeOf = (thrown: unknown) => (thrown instanceof DomainError ? thrown.code : thrown);
const impatient = { firstTokenTimeoutMs: 400, idleTimeoutMs: 200 };

/** What was said stays said, and the end is an error and no finish. */
const expectFailure = async (script: string, code: ErrorCode, tokens: number) => {
  const { provider } = await open(impatient);
  const { events, text, thrown } = await collect(provider, ask(`fake:${script}`));
  expect({ code: codeOf(thrown), text }).toEqual({ code, text: grpcAnswer(tokens) });
  expect(events.filter(({ type }) => type !== 'text-delta')).toEqual([]);
};

describe('a status before the first word', () => {
  it.each([
    ['CANCELLED', 'ai-broke-off'],
    ['UNKNOWN', 'ai-broke-off'],
    ['INVALID_ARGUMENT', 'ai-refused'],
    ['DEADLINE_EXCEEDED', 'ai-timed-out'],
    ['NOT_FOUND', 'ai-refused'],
    ['ALREADY_EXISTS', 'ai-refused'],
    ['PERMISSION_DENIED', 'ai-refused'],
    ['RESOURCE_EXHAUSTED', 'ai-rate-limited'],
    ['FAILED_PRECONDITION', 'ai-refused'],
    ['ABORTED', 'ai-broke-off'],
    ['OUT_OF_RANGE', 'ai-refused'],
    ['UNIMPLEMENTED', 'ai-refused'],
    ['INTERNAL', 'ai-broke-off'],
    ['UNAVAILABLE', 'ai-unreachable'],
    ['DATA_LOSS', 'ai-answer-unreadable'],
    ['UNAUTHENTICATED', 'ai-refused'],
  ] as const)('%s is %s', async (name, code) => {
    await expectFailure(`status=${codes[name]},at=0`, code, 0);
  });

  it('says which it was, for the log, and how long to wait', async () => {
    const { provider } = await open();
    const { thrown } = await collect(provider, ask('fake:status=8,at=0,pushback=1500'));
    expect(thrown).toMatchObject({
      code: 'ai-rate-limited',
      retryAfterSeconds: 2,
      cause: { name: 'BackendError', status: 'RESOURCE_EXHAUSTED', message: 'it said 8' },
    });
  });
});

describe('a status after some words', () => {
  it.each([
    ['UNKNOWN', 'ai-broke-off'],
    ['UNAVAILABLE', 'ai-broke-off'],
    ['PERMISSION_DENIED', 'ai-broke-off'],
    ['RESOURCE_EXHAUSTED', 'ai-broke-off'],
    ['DEADLINE_EXCEEDED', 'ai-timed-out'],
  ] as const)('%s is %s', async (name, code) => {
    await expectFailure(`status=${codes[name]}`, code, 3);
  });
});

describe('a stream that goes wrong', () => {
  it.each([
    ['fault=hang-before-headers', 'ai-timed-out', 0],
    ['fault=hang,at=0', 'ai-timed-out', 0],
    ['fault=hang', 'ai-timed-out', 3],
    ['fault=empty-chunks,at=0', 'ai-timed-out', 0],
    ['fault=empty-chunks', 'ai-timed-out', 3],
    ['fault=close-before-headers', 'ai-unreachable', 0],
    ['fault=reset-before-headers', 'ai-broke-off', 0],
    ['fault=web-page', 'ai-answer-unreadable', 0],
    ['fault=bad-gateway', 'ai-unreachable', 0],
    ['fault=forbidden', 'ai-refused', 0],
    ['fault=cut,at=0', 'ai-broke-off', 0],
    ['fault=cut', 'ai-broke-off', 3],
    ['fault=reset', 'ai-broke-off', 3],
    ['fault=end-without-status', 'ai-broke-off', 3],
    ['fault=no-protobuf', 'ai-answer-unreadable', 3],
    ['fault=compressed', 'ai-answer-unreadable', 3],
    ['fault=large-chunk,at=0', 'ai-answer-unreadable', 0],
    ['fault=endless-chunk,at=0', 'ai-answer-unreadable', 0],
  ] as const)('%s is %s', async (script, code, tokens) => {
    await expectFailure(script, code, tokens);
  });
});

describe('an answer is complete', () => {
  it.each([
    ['with done', 'count=20', grpcAnswer(20)],
    ['without done, when the status is OK', 'done=off', grpcAnswer(20)],
    ['with done, though the stream is never ended', 'fault=hang-after-done', grpcAnswer(3)],
    ['with done, though the connection breaks after it', 'fault=cut-after-done', grpcAnswer(3)],
    ['with done beside the last text', 'fault=text-with-done', `${grpcAnswer(3)}end`],
    ['with done, and then nothing counts', 'fault=text-after-done', grpcAnswer(3)],
    ['and empty', 'count=0', ''],
  ])('%s', async (_, script, expected) => {
    const { provider } = await open(impatient);
    const { events, text, thrown } = await collect(provider, ask(`fake:${script}`));
    expect({ text, thrown }).toEqual({ text: expected, thrown: undefined });
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });
});

describe('another attempt', () => {
  it('is made when the backend is away, with growing pauses', async () => {
    const surroundings = playedSurroundings();
    const { fake, provider } = await open({ retries: 2 }, surroundings);
    const { text, thrown } = await collect(provider, ask('fake:status=14,at=0,times=2'));
    expect({ text, thrown }).toEqual({ text: grpcAnswer(20), thrown: undefined });
    expect(fake.requests).toHaveLength(3);
    expect(surroundings.pauses).toEqual([250, 500]);
  });

  it('is made so often, and no more', async () => {
    const { fake, provider } = await open({ retries: 2 });
    const { thrown } = await collect(provider, ask('fake:status=14,at=0'));
    expect(codeOf(thrown)).toBe('ai-unreachable');
    expect(fake.requests).toHaveLength(3);
  });

  it.each(['status=14', 'status=2,at=0', 'status=8,at=0', 'fault=cut,at=0', 'fault=cut'])(
    'is not made after %s: the backend may have heard the question',
    async (script) => {
      const { fake, provider } = await open({ retries: 2 });
      const { thrown } = await collect(provider, ask(`fake:${script}`));
      expect(thrown).toBeInstanceOf(DomainError);
      expect(fake.requests).toHaveLength(1);
    },
  );

  it('does not outlast the time for the first word', async () => {
    const surroundings = playedSurroundings();
    const provider = askAt(await unreachablePort(), { retries: 10, firstTokenTimeoutMs: 900 }, surroundings);
    const { thrown } = await collect(provider, ask('hello'));
    expect(codeOf(thrown)).toBe('ai-unreachable');
    expect(surroundings.pauses.length).toBeLessThan(4);
  });
});
