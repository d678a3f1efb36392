/** Speech as somebody recorded it. The ending of the name says its type: some services look at nothing else. */
export type Recording = { bytes: Uint8Array; mediaType: string; name: string; language?: string };

/** The formats that speech can be asked for in. */
export const speechFormats = ['mp3', 'opus', 'aac', 'flac', 'wav'] as const;
export type SpeechFormat = (typeof speechFormats)[number];

/** What is to be said. Without a voice or a format the service's own. */
export type Speak = { text: string; voice?: string; format?: SpeechFormat };

/** Audio as it is made, of the type that its content says. Whoever asked takes all of it, or aborts. `bytes` throws DomainError `ai-*`. */
export type Speech = { mediaType: string; bytes: AsyncIterable<Uint8Array> };

/** What hears and speaks; either half may be missing. Both throw DomainError `ai-*`, and the signal's reason when it aborts. */
export interface VoiceService {
  /** What was said; empty where nothing was. */
  transcribe?(recording: Recording, signal: AbortSignal): Promise<string>;
  /** Resolves with the first bytes. */
  speak?(input: Speak, signal: AbortSignal): Promise<Speech>;
  /** Ends what is left of its connections. */
  close(): Promise<void>;
}
