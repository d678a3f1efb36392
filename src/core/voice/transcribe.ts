import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import { toUnicode } from '../unicode-text.ts';
import { audioTypeOf } from './audio-type.ts';
import type { VoicePlaces } from './voice-places.ts';
import { tellVoiceFailure } from './tell-voice-failure.ts';

/** Brings a recording of at most so many bytes. It is called once there is room for one. */
export type ReceiveRecording = (limitBytes: number) => Promise<{ bytes: Uint8Array; language?: string }>;
export type Transcribe = { receive: ReceiveRecording; signal: AbortSignal };
type Deps = Pick<CoreDependencies, 'voice' | 'limits' | 'log'> & { recordingPlaces: VoicePlaces };

/** What was said in a recording. Nothing of it is kept. @throws as `Voice.transcribe` */
export async function transcribe(deps: Deps, actor: Actor, { receive, signal }: Transcribe): Promise<string> {
  const { voice, limits, recordingPlaces } = deps;
  if (voice?.transcribe === undefined) throw new DomainError('voice-unavailable');
  const leave = recordingPlaces.enter(actor.userId);
  try {
    const { bytes, language } = await receive(limits.attachmentBytes);
    if (bytes.length === 0) throw new DomainError('file-empty');
    if (bytes.length > limits.attachmentBytes) throw new DomainError('file-too-large');
    const type = audioTypeOf(bytes);
    if (type === undefined) throw new DomainError('recording-type-refused');
    // Neither its name nor its declared type go on: they may say anything.
    const { mediaType, extension } = type;
    const recording = { bytes, mediaType, name: `recording.${extension}`, ...languageOf(language) };
    signal.throwIfAborted();
    const said = await voice.transcribe(recording, signal);
    return toUnicode(said).trim();
  } catch (thrown) {
    throw tellVoiceFailure(deps, thrown);
  } finally {
    leave();
  }
}

/** Services know languages by their two or three letters: `en` for `en-GB`. */
function languageOf(language: string | undefined): { language?: string } {
  if (language === undefined) return {};
  const [, letters] = /^([a-z]{2,3})(?:[-_][a-z0-9]{1,8}){0,3}$/i.exec(language) ?? [];
  if (letters !== undefined) return { language: letters.toLowerCase() };
  throw new DomainError('field-invalid', {
    details: [{ field: 'language', problem: 'must be a language tag, such as en' }],
  });
}
