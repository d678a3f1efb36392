import { describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';

const read = (environment: Record<string, string>) =>
  readConfig([environment], { dialects: [], providers: ['basic'] }).voice;
const openAi = 'https://api.openai.com/v1';

describe('the settings of the voice service', () => {
  it('are none unless its address is given', () => {
    expect(read({ VOICE_API_KEY: 'k', OPENAI_API_KEY: 'k', OPENAI_BASE_URL: openAi })).toBeUndefined();
  });

  it('need the address alone', () => {
    expect(read({ VOICE_BASE_URL: 'http://localhost:8000/v1' })).toEqual({
      baseUrl: 'http://localhost:8000/v1',
      apiKey: '',
      transcriptionModel: 'whisper-1',
      speechModel: 'tts-1',
      speechVoice: 'alloy',
      concurrency: 16,
      firstTokenTimeoutMs: 60_000,
      idleTimeoutMs: 30_000,
    });
  });

  it('switch a half off with none', () => {
    const half = { VOICE_BASE_URL: 'http://localhost:8880', VOICE_TRANSCRIPTION_MODEL: 'None' };
    expect(read(half)).toMatchObject({ transcriptionModel: undefined, speechModel: 'tts-1' });
  });

  it.each([
    ['its own', { VOICE_BASE_URL: openAi, VOICE_API_KEY: 'own', OPENAI_API_KEY: 'other' }, 'own'],
    ['that of the same server', { VOICE_BASE_URL: openAi, OPENAI_API_KEY: 'same' }, 'same'],
    ['none of another server', { VOICE_BASE_URL: 'http://localhost:8000', OPENAI_API_KEY: 'other' }, ''],
    [
      'none of another port',
      { VOICE_BASE_URL: 'http://h:2', OPENAI_BASE_URL: 'http://h:1', OPENAI_API_KEY: 'other' },
      '',
    ],
  ])('give the server %s key', (_whose, environment, apiKey) => {
    expect(read(environment)?.apiKey).toBe(apiKey);
  });

  it.each([
    [
      { VOICE_BASE_URL: openAi },
      'VOICE_API_KEY must be given, or VOICE_BASE_URL name a server that needs no key.',
    ],
    [{ VOICE_BASE_URL: 'localhost:8000' }, 'VOICE_BASE_URL is "localhost:8000", but must be'],
    [{ VOICE_BASE_URL: openAi, VOICE_API_KEY: 'a key' }, 'VOICE_API_KEY must be visible ASCII'],
  ])('are refused in one line: %j', (environment, message) => {
    expect(() => read(environment)).toThrow(message);
  });
});
