import { DomainError } from '../../core/errors.ts';
import type { Prompt, ProviderEvent } from '../../core/provider.ts';
import type { Exchange } from '../http/exchange.ts';
import { readAll } from '../http/read-all.ts';
import { Patience } from '../stream/patience.ts';
import { AnswerReader } from './answer-reader.ts';
import { openAnswer } from './open-answer.ts';
import type { Vendor } from './vendor.ts';

const longestDocumentBytes = 8_388_608;

/** The answer as it arrives. Ends without a `finish` only by throwing, or when the signal was aborted. @throws DomainError `ai-*` */
export async function* streamAnswer(
  vendor: Vendor,
  prompt: Prompt,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  if (signal.aborted) return;
  const patience = new Patience(vendor.settings, signal);
  const reader = new AnswerReader(vendor.apiKey);
  let exchange: Exchange | undefined;
  try {
    exchange = await openAnswer(vendor, prompt, patience);
    const source = pickSource(exchange);
    let heard = 0;
    for (let more = true; more;) {
      more = await source({ exchange, reader, patience });
      const text = reader.take(!more);
      if (text !== '') yield { type: 'text-delta', text };
      if (signal.aborted) return;
      if (reader.tokens > heard) patience.spoke();
      heard = reader.tokens;
    }
    yield* end(reader);
  } catch (thrown) {
    if (signal.aborted) return;
    throw thrown;
  } finally {
    patience.stop();
    if (reader.done) exchange?.leave();
    else exchange?.abort();
  }
}

/** Feeds the reader once; false when there is no more to come. */
type Source = (parts: { exchange: Exchange; reader: AnswerReader; patience: Patience }) => Promise<boolean>;

const pickSource = ({ headers }: Exchange): Source => {
  const type = (headers['content-type'] ?? '').toLowerCase();
  if (type.includes('json')) return fromDocument;
  if (type.includes('html')) {
    throw new DomainError('ai-answer-unreadable', {
      cause: new Error('The vendor answered with a web page'),
    });
  }
  return fromStream;
};

const fromDocument: Source = async ({ exchange, reader }) => {
  const text = await readAll(exchange, longestDocumentBytes).catch((cause: unknown) => {
    throw cause instanceof DomainError ? cause : new DomainError('ai-broke-off', { cause });
  });
  reader.feedDocument(text);
  return false;
};

const fromStream: Source = async ({ exchange, reader, patience }) => {
  patience.wait();
  try {
    const chunks = await exchange.take();
    patience.heard();
    for (const chunk of chunks ?? []) reader.feed(chunk);
    if (reader.finishReason !== undefined) patience.closing();
    return chunks !== undefined && !reader.done && reader.failure === undefined;
  } catch (cause) {
    // The vendor had said why it ends: nothing of the answer is missing.
    if (reader.finishReason === undefined)
      reader.fail(cause instanceof DomainError ? cause : new DomainError('ai-broke-off', { cause }));
    return false;
  }
};

/**
 * A reason makes an answer complete, and so does `[DONE]` alone, which some servers find enough.
 * Anything else broke off, however politely its connection was closed.
 */
function* end(reader: AnswerReader): Generator<ProviderEvent> {
  if (reader.failure !== undefined) throw reader.failure;
  const reason = reader.finishReason ?? (reader.done ? 'other' : undefined);
  if (reason === undefined)
    throw new DomainError(reader.understood ? 'ai-broke-off' : 'ai-answer-unreadable');
  if (reader.usage !== undefined) yield { type: 'usage', ...reader.usage };
  yield { type: 'finish', reason };
}
