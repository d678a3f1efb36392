import { DomainError } from '../core/errors.ts';
import type { Recording } from '../core/voice/voice.ts';
import type { Exchange } from '../providers/http/exchange.ts';
import { Patience, type PatienceLimits } from '../providers/stream/patience.ts';
import { readAll } from '../providers/http/read-all.ts';
import { writeForm } from './multipart-form.ts';
import type { VoiceCall } from './voice-call.ts';
import { voiceFailure } from './voice-failure.ts';

export type VoiceModel = { call: VoiceCall; settings: PatienceLimits; model: string };

const longestAnswerBytes = 1_048_576;

/** `POST /audio/transcriptions`. @throws DomainError `ai-*`; the signal's reason when it aborts */
export async function transcribe(
  { call, settings, model }: VoiceModel,
  { bytes, mediaType, name, language }: Recording,
  signal: AbortSignal,
): Promise<string> {
  const fields = { model, response_format: 'json', ...(language === undefined ? {} : { language }) };
  const form = writeForm(fields, { field: 'file', name, mediaType, bytes });
  const patience = new Patience(settings, signal);
  let exchange: Exchange | undefined;
  try {
    const request = { endpoint: '/audio/transcriptions', accept: 'application/json', ...form };
    exchange = await call(request, patience.signal);
    return readText(await readAll(exchange, longestAnswerBytes));
  } catch (thrown) {
    signal.throwIfAborted();
    throw voiceFailure(thrown, { hasBegun: exchange !== undefined });
  } finally {
    patience.stop();
    exchange?.abort();
  }
}

function readText(json: string): string {
  const text = parsed(json);
  if (typeof text !== 'string') throw unreadable(new Error('The answer has no text'));
  return text;
}

function parsed(json: string): unknown {
  try {
    return (JSON.parse(json) as { text?: unknown } | null)?.text;
  } catch {
    // What the parser says quotes what was heard.
    throw unreadable(new Error('The answer is no JSON'));
  }
}

const unreadable = (cause: unknown) => new DomainError('ai-answer-unreadable', { cause });
