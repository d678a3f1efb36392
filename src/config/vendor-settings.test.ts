import { describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';

const providers = ['basic', 'openai', 'anthropic', 'google', 'mistral'] as const;
const vendorsIn = (environment: Record<string, string>) =>
  readConfig([environment], { dialects: [], providers }).models.standard;

describe('a vendor of models', () => {
  it.each([
    ['anthropic', 'ANTHROPIC_API_KEY', 'https://api.anthropic.com/v1'],
    ['google', 'GEMINI_API_KEY', 'https://generativelanguage.googleapis.com/v1beta'],
    ['mistral', 'MISTRAL_API_KEY', 'https://api.mistral.ai/v1'],
  ] as const)('%s is asked with its model and the key of %s', (provider, key, baseUrl) => {
    const read = vendorsIn({ AI_PROVIDER: provider, AI_MODEL: 'm', [key]: 'sk-1' });
    expect(read).toMatchObject({
      provider,
      model: 'm',
      vendors: { [provider]: { baseUrl, apiKey: 'sk-1' } },
    });
  });

  it.each([
    [{ AI_PROVIDER: 'google' }, 'AI_MODEL must name the model when AI_PROVIDER is google.'],
    [
      { AI_PROVIDER: 'mistral', AI_MODEL: 'm' },
      'MISTRAL_API_KEY must be given, or MISTRAL_BASE_URL name a server that needs no key.',
    ],
    [{ AI_MODELS: 'anthropic' }, 'as in anthropic:claude-sonnet-4-5.'],
    [{ ANTHROPIC_API_KEY: 'with a blank' }, 'ANTHROPIC_API_KEY must be visible ASCII characters'],
  ])('that cannot be asked is refused in one line: %j', (environment, sentence) => {
    expect(() => vendorsIn(environment)).toThrow(sentence);
  });

  it('needs no key at another address', () => {
    const elsewhere = {
      AI_PROVIDER: 'anthropic',
      AI_MODEL: 'm',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:8080/',
    };
    expect(vendorsIn(elsewhere).vendors.anthropic).toEqual({ baseUrl: 'http://127.0.0.1:8080', apiKey: '' });
  });
});
