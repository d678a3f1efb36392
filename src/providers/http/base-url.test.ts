import { describe, expect, it } from 'vitest';
import { readBaseUrl } from './base-url.ts';

describe('where the API lives', () => {
  it.each([
    ['http://localhost:11434', { origin: 'http://localhost:11434', path: '/v1', query: '' }],
    ['http://localhost:11434/', { origin: 'http://localhost:11434', path: '/v1', query: '' }],
    ['http://localhost:11434/v1', { origin: 'http://localhost:11434', path: '/v1', query: '' }],
    ['http://localhost:11434/v1/', { origin: 'http://localhost:11434', path: '/v1', query: '' }],
    ['http://localhost:11434/v1//', { origin: 'http://localhost:11434', path: '/v1', query: '' }],
    [
      'http://localhost:8000/v1/chat/completions',
      { origin: 'http://localhost:8000', path: '/v1', query: '' },
    ],
    ['https://example.org/ai', { origin: 'https://example.org', path: '/ai/v1', query: '' }],
    ['https://example.org/openai/v1', { origin: 'https://example.org', path: '/openai/v1', query: '' }],
    [
      'https://example.org/v1beta/openai/',
      { origin: 'https://example.org', path: '/v1beta/openai', query: '' },
    ],
    [
      'https://example.org/v1?api-version=2',
      { origin: 'https://example.org', path: '/v1', query: '?api-version=2' },
    ],
  ])('%s', (text, place) => {
    expect(readBaseUrl(text)).toEqual(place);
  });

  it.each(['', 'localhost:11434', 'ftp://example.org', 'not a url'])('refuses "%s"', (text) => {
    expect(() => readBaseUrl(text)).toThrow(TypeError);
  });
});
