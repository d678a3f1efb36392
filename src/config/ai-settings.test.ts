import { describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';

describe('the models to choose from', () => {
  const models = (environment: Record<string, string>) =>
    readConfig([environment], { dialects: [], providers: ['basic', 'openai'] }).models;

  it('are the default alone where none is named', () => {
    expect(models({}).others).toEqual([]);
  });

  it('are each a provider with its model', () => {
    const { standard, others } = models({
      AI_MODELS: 'openai:qwen3:4b, basic',
      OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
    });
    expect(standard).toMatchObject({ provider: 'basic' });
    expect(others).toMatchObject([
      { provider: 'openai', model: 'qwen3:4b' },
      { provider: 'basic', model: '' },
    ]);
  });

  it('may be whatever a server of the OpenAI protocol lists first, but not what OpenAI does', () => {
    const local = { AI_PROVIDER: 'openai', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' };
    expect(models(local).standard).toMatchObject({ provider: 'openai', model: '' });
    expect(models({ ...local, AI_PROVIDER: 'basic', AI_FALLBACKS: 'openai' }).fallbacks).toMatchObject([
      { provider: 'openai', model: '' },
    ]);
    const paid = { AI_PROVIDER: 'openai', OPENAI_API_KEY: 'sk-1' };
    expect(() => models(paid)).toThrow('AI_MODEL must name the model when AI_PROVIDER is openai.');
  });

  it.each([
    ['nobody:x', 'AI_MODELS names the provider "nobody", but must name some of'],
    ['openai', 'AI_MODELS must name the model of openai'],
    ['openai:m', 'OPENAI_API_KEY must be given'],
  ])('%s is refused in one line', (text, sentence) => {
    expect(() => models({ AI_MODELS: text })).toThrow(sentence);
  });
});
