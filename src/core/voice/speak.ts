import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import { requireUnicode } from '../unicode-text.ts';
import { tellVoiceFailure } from './tell-voice-failure.ts';
import { type Speak, type Speech, type SpeechFormat, speechFormats } from './voice.ts';

/** As a caller says it: the format is any word. */
export type SpeakText = Omit<Speak, 'format'> & { format?: string };
type Deps = Pick<CoreDependencies, 'voice' | 'limits' | 'log'>;

/** Text as audio. Nothing of it is kept. @throws as `Voice.speak` */
export async function speak(deps: Deps, input: SpeakText, signal: AbortSignal): Promise<Speech> {
  const { voice, limits } = deps;
  if (voice?.speak === undefined) throw new DomainError('voice-unavailable');
  const text = requireUnicode(input.text).trim();
  if (text === '') throw new DomainError('text-empty');
  if (text.length > limits.speechLength) throw new DomainError('speech-too-long');
  const asked = { text, ...voiceOf(input.voice), ...formatOf(input.format) };
  try {
    const { mediaType, bytes } = await voice.speak(asked, signal);
    return { mediaType, bytes: watched(deps, bytes) };
  } catch (thrown) {
    throw tellVoiceFailure(deps, thrown);
  }
}

async function* watched(deps: Deps, bytes: Speech['bytes']): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* bytes;
  } catch (thrown) {
    throw tellVoiceFailure(deps, thrown);
  }
}

function voiceOf(voice: string | undefined): { voice?: string } {
  if (voice === undefined) return {};
  if (/^[\x21-\x7e]{1,100}$/.test(voice)) return { voice };
  throw invalid('voice', 'must have 1 to 100 visible ASCII characters');
}

function formatOf(format: string | undefined): { format?: SpeechFormat } {
  if (format === undefined) return {};
  const known = speechFormats.find((one) => one === format);
  if (known !== undefined) return { format: known };
  throw invalid('format', `must be one of ${speechFormats.join(', ')}`);
}

const invalid = (field: string, problem: string) =>
  new DomainError('field-invalid', { details: [{ field, problem }] });
