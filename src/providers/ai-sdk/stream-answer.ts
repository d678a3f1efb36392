import type { LanguageModelV3StreamPart } from '@ai-sdk/provider';
import { DomainError } from '../../core/errors.ts';
import type { Prompt, ProviderEvent } from '../../core/provider.ts';
import { readVendorError, streamFailure } from '../http/vendor-error.ts';
import { Patience } from '../stream/patience.ts';
import { PartReader } from './part-reader.ts';
import { createPromptMessages } from './prompt-messages.ts';
import { Transport } from './transport.ts';
import type { Vendor } from './vendor.ts';

/** The answer as it arrives. Ends without a `finish` only by throwing, or when the signal was aborted. @throws DomainError `ai-*` */
export async function* streamAnswer(
  vendor: Vendor,
  prompt: Prompt,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  if (signal.aborted) return;
  const patience = new Patience(vendor.settings, signal);
  const transport = new Transport(vendor, patience);
  const reader = new PartReader(vendor);
  let parts: ReadableStreamDefaultReader<LanguageModelV3StreamPart> | undefined;
  try {
    parts = (await openParts(vendor, prompt, { patience, transport })).getReader();
    let heard = 0;
    for (let more = true; more;) {
      more = await feed(reader, parts);
      if (reader.finishReason !== undefined) patience.closing();
      const text = reader.take(!more);
      if (text !== '') yield { type: 'text-delta', text };
      if (signal.aborted) return;
      if (reader.tokens > heard) patience.spoke();
      heard = reader.tokens;
    }
    yield* end(reader, transport);
  } catch (thrown) {
    if (signal.aborted) return;
    throw thrown;
  } finally {
    patience.stop();
    transport.close(reader.finishReason !== undefined && reader.failure === undefined);
    parts?.cancel().catch(() => undefined);
  }
}

type Opening = { patience: Patience; transport: Transport };

/** @throws DomainError `ai-*`, never what the package threw: its errors repeat the question. */
const openParts = async (vendor: Vendor, prompt: Prompt, { patience, transport }: Opening) => {
  const { protocol, apiKey, settings } = vendor;
  if (!/^[\x21-\x7e]*$/.test(apiKey))
    throw new DomainError('ai-refused', { cause: new Error('The key is nothing that a header can carry') });
  const baseURL = vendor.origin + vendor.path;
  const createModel = await protocol.load();
  try {
    const model = createModel({ baseURL, apiKey, fetch: transport.fetch }, settings.model);
    const { stream } = await model.doStream({
      prompt: createPromptMessages(prompt, settings.seesImages),
      abortSignal: patience.signal,
      includeRawChunks: true,
      ...limitsOf(prompt, settings),
    });
    return stream;
  } catch (thrown) {
    patience.signal.throwIfAborted();
    throw transport.failure ?? packageFailure(thrown, apiKey);
  }
};

/** What the chat says goes before what the operator says; what nobody says is the vendor's choice. */
const limitsOf = (prompt: Prompt, settings: Vendor['settings']) => {
  const maxOutputTokens = prompt.maxOutputTokens ?? settings.maxOutputTokens;
  const temperature = prompt.temperature ?? settings.temperature;
  return {
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  };
};

/** Some packages look at the first event themselves, and throw where it is an error. */
const packageFailure = (thrown: unknown, secret: string): DomainError => {
  const { responseBody, name } = thrown as { responseBody?: unknown; name?: unknown };
  try {
    const error: unknown = JSON.parse(String(responseBody));
    return streamFailure(readVendorError({ error }, { status: 0, secret }), false);
  } catch {
    return new DomainError('ai-refused', {
      cause: new Error(`The request could not be made: ${String(name)}`),
    });
  }
};

/** Feeds the reader once; false when there is no more to come. */
const feed = async (
  reader: PartReader,
  parts: ReadableStreamDefaultReader<LanguageModelV3StreamPart>,
): Promise<boolean> => {
  try {
    const { done, value } = await parts.read();
    if (value !== undefined) reader.feed(value);
    return !done && reader.failure === undefined;
  } catch {
    // Not kept as the cause: it may repeat the answer.
    reader.fail(
      new DomainError('ai-answer-unreadable', { cause: new Error('The stream breaks the protocol') }),
    );
    return false;
  }
};

/** A reason makes an answer complete, even if the connection broke after it. Nothing else does, however politely it was closed. */
function* end(reader: PartReader, transport: Transport): Generator<ProviderEvent> {
  if (reader.failure !== undefined) throw reader.failure;
  if (reader.finishReason === undefined) {
    const isReadable = reader.understood || transport.isEmpty;
    throw transport.failure ?? new DomainError(isReadable ? 'ai-broke-off' : 'ai-answer-unreadable');
  }
  if (reader.usage !== undefined) yield reader.usage;
  yield { type: 'finish', reason: reader.finishReason };
}
