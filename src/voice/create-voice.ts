import { Agent } from 'undici';
import type { VoiceService } from '../core/voice/voice.ts';
import { readBaseUrl } from '../providers/http/base-url.ts';
import { speak } from './speak.ts';
import { transcribe } from './transcribe.ts';
import { createVoiceCall } from './voice-call.ts';

/** What the operator chose, read and checked by `config.ts`. */
export type VoiceSettings = {
  baseUrl: string;
  /** Empty for a server that wants none. */
  apiKey: string;
  /** Undefined: it does not hear. */
  transcriptionModel: string | undefined;
  /** Undefined: it does not speak. */
  speechModel: string | undefined;
  speechVoice: string;
  /** From the request to a whole transcription, or to the first byte of speech. */
  firstTokenTimeoutMs: number;
  /** The longest silence in the middle of speech. */
  idleTimeoutMs: number;
};

/** Anything that speaks OpenAI's audio protocol: OpenAI itself, Speaches, LocalAI, Kokoro. Connects to nothing yet. */
export function createVoice(settings: VoiceSettings): VoiceService {
  const { transcriptionModel, speechModel, apiKey } = settings;
  const agent = new Agent({
    connections: 256,
    connect: { timeout: 10_000 },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const call = createVoiceCall({ ...readBaseUrl(settings.baseUrl), agent, apiKey });
  const hearing = transcriptionModel !== undefined && { call, settings, model: transcriptionModel };
  const speaking = speechModel !== undefined && { call, settings, model: speechModel };
  return {
    ...(hearing ? { transcribe: (recording, signal) => transcribe(hearing, recording, signal) } : {}),
    ...(speaking ? { speak: (input, signal) => speak(speaking, input, signal) } : {}),
    close: () => agent.destroy(),
  };
}
