import { status as codes, type ServerWritableStream } from '@grpc/grpc-js';
import { DomainError } from '../core/errors.ts';
import type { Log } from '../core/ports.ts';
import type { Prompt, Provider } from '../core/provider.ts';
import type { ChatChunk, ChatMessage__Output } from '../providers/grpc/ai-backend-proto.ts';
import type { ChatMemory } from './chat-memory.ts';
import { failureStatus } from './failure-status.ts';

export type AiCall = ServerWritableStream<ChatMessage__Output, ChatChunk>;
export type Answering = {
  provider: Provider;
  memory: ChatMemory;
  log: Log;
  /** Instructions that stand above every conversation. */
  system: string;
  /** The longest answer, in UTF-16 code units; it ends there. */
  answerLength: number;
};

const longestId = 128;
const longestChunk = 16_384;
/** The chat of questions that belong to none. */
const noChat = '0';

/**
 * Answers one question and remembers it with its answer, or with as much of it as there was. Never rejects: the caller gets `done`, or
 * a status. The provider stops when the caller goes, or when `stopped` aborts.
 */
export async function answerCall(answering: Answering, call: AiCall, stopped: AbortSignal): Promise<void> {
  const { provider, memory, log, answerLength } = answering;
  const { user_id: userId, chat_id: chatId, message: question } = call.request;
  const problem = problemOf(call.request);
  if (problem !== undefined)
    return void call.emit('error', { code: codes.INVALID_ARGUMENT, details: problem });

  const source = new AbortController();
  const stop = () => source.abort(noMore);
  call.once('cancelled', stop);
  stopped.addEventListener('abort', stop, { once: true });
  const key = { userId, chatId };
  let answer = '';
  const remember = (isComplete: boolean) => {
    if (chatId !== noChat) memory.keep(key, { question, answer, isComplete });
  };

  try {
    let isFinished = false;
    for await (const event of provider.stream(promptOf(answering, call.request), source.signal)) {
      if (event.type === 'finish') isFinished = true;
      if (event.type !== 'text-delta') continue;
      answer += event.text;
      await say(call, event.text, source.signal);
      isFinished = answer.length >= answerLength;
      if (isFinished) break;
    }
    if (stopped.aborted) throw new DomainError('ai-unreachable', { cause: 'This AI backend stops' });
    if (call.cancelled) return remember(false);
    if (!isFinished) throw new DomainError('ai-broke-off');
    remember(true);
    call.write({ done: true });
    call.end();
  } catch (thrown) {
    remember(false);
    const error = DomainError.from(thrown);
    if (!stopped.aborted) log.warn({ code: error.code, err: error.cause }, 'An answer failed');
    call.emit('error', failureStatus(error));
  } finally {
    stopped.removeEventListener('abort', stop);
    source.abort(noMore);
  }
}

/** Why a provider is stopped; without a reason each stop would make an error with a stack trace. */
const noMore = 'no more is wanted';

const problemOf = ({ user_id, chat_id, message }: ChatMessage__Output): string | undefined => {
  if (message.trim() === '') return 'message must not be empty';
  const isId = (id: string) => id !== '' && id.length <= longestId;
  if (isId(user_id) && isId(chat_id)) return undefined;
  return `user_id and chat_id must have 1 to ${longestId} characters`;
};

const promptOf = ({ memory, system }: Answering, question: ChatMessage__Output): Prompt => {
  const { user_id: userId, chat_id: chatId, message } = question;
  const name = question.first_name
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 80);
  const before = chatId === noChat ? [] : memory.recall({ userId, chatId }, message);
  return {
    system: name === '' ? system : `${system}\nThe user's first name is ${name}.`.trim(),
    turns: [...before, { role: 'user', text: message }],
    userId,
    chatId,
  };
};

/** Writes in chunks that any client takes, and waits for one that reads slowly. */
const say = async (call: AiCall, text: string, signal: AbortSignal): Promise<void> => {
  for (let start = 0; start < text.length && !signal.aborted;) {
    const end = endOfChunk(text, start);
    if (!call.write({ text: text.slice(start, end) })) await drained(call, signal);
    start = end;
  }
};

/** No character is cut in two. */
const endOfChunk = (text: string, start: number): number => {
  const end = Math.min(start + longestChunk, text.length);
  const isCut = end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1));
  return isCut ? end - 1 : end;
};

const drained = (call: AiCall, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      call.off('drain', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    call.once('drain', end);
    signal.addEventListener('abort', end, { once: true });
  });
