import { DomainError } from '../core/errors.ts';
import { audioHeadBytes, audioTypeOf } from '../core/voice/audio-type.ts';
import type { Speak, Speech } from '../core/voice/voice.ts';
import type { Exchange } from '../providers/http/exchange.ts';
import { Patience, type PatienceLimits } from '../providers/stream/patience.ts';
import type { VoiceCall } from './voice-call.ts';
import { voiceFailure } from './voice-failure.ts';

export type SpeechModel = {
  call: VoiceCall;
  settings: PatienceLimits & { speechVoice: string };
  model: string;
};

/** An hour of speech, compressed. */
const longestSpeechBytes = 67_108_864;

/** `POST /audio/speech`. @throws DomainError `ai-*`; the signal's reason when it aborts */
export async function speak(
  { call, settings, model }: SpeechModel,
  { text, voice = settings.speechVoice, format = 'mp3' }: Speak,
  signal: AbortSignal,
): Promise<Speech> {
  const body = JSON.stringify({ model, input: text, voice, response_format: format });
  const patience = new Patience(settings, signal);
  let exchange: Exchange | undefined;
  const close = () => {
    patience.stop();
    exchange?.abort();
  };
  const failed = (thrown: unknown) => {
    close();
    signal.throwIfAborted();
    return voiceFailure(thrown, { hasBegun: exchange !== undefined });
  };
  try {
    const request = { endpoint: '/audio/speech', contentType: 'application/json', body, accept: 'audio/*' };
    exchange = await call(request, patience.signal);
    const source = takeAudio(exchange, patience);
    const { head, mediaType } = await readHead(source);
    return { mediaType, bytes: audio(head, source, { failed, close }) };
  } catch (thrown) {
    throw failed(thrown);
  }
}

type Source = AsyncGenerator<Buffer, void, void>;

async function* takeAudio(exchange: Exchange, patience: Patience): Source {
  let bytes = 0;
  for (;;) {
    patience.wait();
    const chunks = await exchange.take();
    patience.heard();
    if (chunks === undefined) return;
    patience.spoke();
    const chunk = Buffer.concat(chunks);
    bytes += chunk.length;
    if (bytes > longestSpeechBytes) throw unreadable('The speech is too long');
    yield chunk;
  }
}

/** As much as tells the type: some servers do not care for the format, and some say what went wrong with status 200. */
async function readHead(source: Source): Promise<{ head: Buffer; mediaType: string }> {
  let head = Buffer.alloc(0);
  while (head.length < audioHeadBytes) {
    const next = await source.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  if (head.length === 0) throw new DomainError('ai-answer-empty');
  const type = audioTypeOf(head);
  if (type === undefined) throw unreadable('The answer is no audio');
  return { head, mediaType: type.mediaType };
}

type Ends = { failed(thrown: unknown): DomainError; close(): void };

async function* audio(head: Buffer, source: Source, { failed, close }: Ends): Source {
  try {
    yield head;
    yield* source;
  } catch (thrown) {
    throw failed(thrown);
  } finally {
    close();
  }
}

const unreadable = (what: string) => new DomainError('ai-answer-unreadable', { cause: new Error(what) });
