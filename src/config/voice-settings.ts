import { defineSetting } from './define-setting.ts';
import { httpUrl, matching, textUpTo, wholeNumber } from './parsers.ts';

const key = matching(/^[\x21-\x7e]{1,1000}$/, 'visible ASCII characters without spaces');
const name = matching(/^[\x21-\x7e]{1,100}$/, 'visible ASCII characters without spaces');

/** Who hears and speaks. */
export const voiceSettings = {
  voiceBaseUrl: defineSetting({
    name: 'VOICE_BASE_URL',
    default: null,
    parser: httpUrl,
    about: 'The OpenAI-compatible server that hears and speaks, with its /v1; without it nothing does.',
  }),
  voiceApiKey: defineSetting({
    name: 'VOICE_API_KEY',
    default: null,
    secret: true,
    parser: key,
    about: 'The key for that server; without it OPENAI_API_KEY, where both are the same server.',
  }),
  voiceTranscriptionModel: defineSetting({
    name: 'VOICE_TRANSCRIPTION_MODEL',
    default: 'whisper-1',
    parser: textUpTo(200),
    about: 'The model that turns speech into text; none for no such thing.',
  }),
  voiceSpeechModel: defineSetting({
    name: 'VOICE_SPEECH_MODEL',
    default: 'tts-1',
    parser: textUpTo(200),
    about: 'The model that turns text into speech; none for no such thing.',
  }),
  voiceSpeechVoice: defineSetting({
    name: 'VOICE_SPEECH_VOICE',
    default: 'alloy',
    parser: name,
    about: 'The voice that it speaks with, where nobody asks for another.',
  }),
  voiceConcurrency: defineSetting({
    name: 'VOICE_CONCURRENCY',
    default: '16',
    parser: wholeNumber(1, 100_000),
    about: 'How much is heard, and how much is spoken, at the same time, while the rest waits.',
  }),
};
