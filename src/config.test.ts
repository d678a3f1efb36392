import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from './config/config-error.ts';
import { readConfig } from './config.ts';
import type { Choices } from './config.ts';

const choices: Choices = {
  dialects: ['histories', 'flutter', 'amanda'],
  providers: ['basic', 'openai', 'grpc'],
};
const read = (...sources: Record<string, string>[]) => readConfig(sources, choices);

function complaint(environment: Record<string, string>): string {
  try {
    read(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('without any setting', () => {
  const config = read({});

  it('listens on this machine alone', () => {
    expect(config).toMatchObject({ host: '127.0.0.1', port: 5000, isLoopback: true, rateLimits: true });
  });

  it('keeps everything in ./data', () => {
    expect(config.dataDir).toBe(resolve('data'));
    const file = resolve('data', 'parlance.db');
    expect(config.database).toEqual({
      url: file,
      shown: file,
      file,
      poolSize: 10,
      statementTimeoutMs: 10_000,
    });
    expect(config.jwtSecretKey).toBeUndefined();
  });

  it('serves every dialect with the built-in responder', () => {
    expect(config.dialects).toEqual(choices.dialects);
    expect(config.models.standard).toMatchObject({ provider: 'basic', model: '', apiKey: '' });
    expect(config.accessLifetimeMs).toBe(30 * 24 * 3_600_000);
  });
});

describe('a setting', () => {
  it.each([
    ['an alias', { SERVER_PORT: '8000' }, 8000],
    ['its name before an alias', { SERVER_PORT: '8000', PORT: '9000' }, 9000],
    ['with blanks around', { PORT: ' 8000 ' }, 8000],
    ['empty, as its default', { PORT: '' }, 5000],
    ['zero', { PORT: '0' }, 0],
  ])('is understood as %s', (_, environment, port) => {
    expect(read(environment).port).toBe(port);
  });

  it('of the environment wins over the file, under whatever name', () => {
    expect(read({ SERVER_PORT: '8000' }, { PORT: '9000' }).port).toBe(8000);
  });

  it('of Flask is left alone', () => {
    expect(read({ FLASK_ENV: 'development', FLASK_DEBUG: 'maybe' })).toEqual(read({}));
  });

  it('that another version uses is mentioned', () => {
    expect(read({ SMTP_URL: 'smtp://mail' }).notices).toEqual([
      'SMTP_URL is set, but this version does not use it.',
    ]);
  });
});

describe('a bad value is one line that names the setting and what it must be', () => {
  it.each([
    [{ PORT: 'abc' }, 'PORT is "abc", but must be a whole number from 0 to 65535.'],
    [{ PORT: '65536' }, 'PORT is "65536", but must be a whole number from 0 to 65535.'],
    [{ PORT: '0x10' }, 'PORT is "0x10", but must be a whole number from 0 to 65535.'],
    [{ PORT: '-1' }, 'PORT is "-1", but must be a whole number from 0 to 65535.'],
    [{ SERVER_PORT: '1e3' }, 'SERVER_PORT is "1e3", but must be a whole number from 0 to 65535.'],
    [
      { HOST: 'http://x' },
      'HOST is "http://x", but must be an address or host name alone, such as 127.0.0.1 or 0.0.0.0.',
    ],
    [{ RATE_LIMITS: 'sometimes' }, 'RATE_LIMITS is "sometimes", but must be on or off.'],
    [
      { RATE_LIMITS: 'off', HOST: '0.0.0.0' },
      'RATE_LIMITS can be off only when HOST is a loopback address, but HOST is "0.0.0.0".',
    ],
    [
      { LOG_LEVEL: 'loud' },
      'LOG_LEVEL is "loud", but must be one of fatal, error, warn, info, debug, trace, silent.',
    ],
    [{ AI_TEMPERATURE: '3' }, 'AI_TEMPERATURE is "3", but must be a number from 0 to 2.'],
    [
      { DIALECTS: 'histories,klingon' },
      'DIALECTS names "klingon", but must be all or some of histories, flutter, amanda.',
    ],
    [
      { DIALECTS: 'histories,' },
      'DIALECTS is "histories,", but must be a list with commas between its parts.',
    ],
    [{ AI_PROVIDER: 'oracle' }, 'AI_PROVIDER is "oracle", but must be auto or one of basic, openai, grpc.'],
    [{ AI_PROVIDER: 'openai' }, 'AI_MODEL must name the model when AI_PROVIDER is openai.'],
    [
      { AI_PROVIDER: 'openai', AI_MODEL: 'm' },
      'OPENAI_API_KEY must be given, or OPENAI_BASE_URL name a server that needs no key.',
    ],
    [
      { OPENAI_BASE_URL: 'localhost:11434/v1' },
      'OPENAI_BASE_URL is "localhost:11434/v1", but must be an http:// or https:// address without credentials, query or fragment.',
    ],
  ])('%j', (environment, message) => {
    expect(complaint(environment)).toBe(message);
  });

  it('is cut short', () => {
    expect(complaint({ PORT: 'a\nb'.repeat(1_000) })).toMatch(/^PORT is "(?!.*\n).{60,100}", but must be/);
  });
});

describe('RATE_LIMITS off', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('is possible on %s', (HOST) => {
    expect(read({ RATE_LIMITS: 'off', HOST }).rateLimits).toBe(false);
  });
  it.each(['0.0.0.0', '::', '10.0.0.1', 'example.org', '::ffff:10.0.0.1'])('is refused on %s', (HOST) => {
    expect(complaint({ RATE_LIMITS: 'off', HOST })).toContain('loopback');
  });
});

describe('CORS_ORIGINS and FRONTEND_URL', () => {
  it('are added up and written as browsers send them', () => {
    const config = read({
      CORS_ORIGINS: 'https://A.example.org, https://b.example.org:443/app,capacitor://localhost',
      FRONTEND_URL: 'https://a.example.org/',
    });
    expect(config.corsOrigins).toEqual([
      'https://a.example.org',
      'https://b.example.org',
      'capacitor://localhost',
    ]);
  });
  it.each(['*', 'https://*.example.org', 'null', 'example.org', 'https://a,,https://b', 'file:///x'])(
    '%s is refused',
    (value) => {
      expect(complaint({ CORS_ORIGINS: value })).toMatch(/^CORS_ORIGINS is/);
      expect(complaint({ FRONTEND_URL: value })).toMatch(/^FRONTEND_URL is/);
    },
  );
});

describe('TRUST_PROXY', () => {
  it.each([
    ['off', false],
    ['on', true],
    ['10.0.0.1, 192.168.0.0/16,fd00::/8', ['10.0.0.1', '192.168.0.0/16', 'fd00::/8']],
  ])('%s is understood', (TRUST_PROXY, expected) => {
    expect(read({ TRUST_PROXY }).trustProxy).toEqual(expected);
  });
  it.each(['2', 'proxy.example.org', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/', '10.0.0.1,', '*'])(
    '%s is refused',
    (TRUST_PROXY) => {
      expect(complaint({ TRUST_PROXY })).toMatch(/^TRUST_PROXY is/);
    },
  );
});

describe('DIALECTS', () => {
  it('keeps the order of the list', () => {
    expect(read({ DIALECTS: 'amanda, histories' }).dialects).toEqual(['histories', 'amanda']);
  });
});

describe('LISTEN', () => {
  it('gives each port its dialects, in the order of the list', () => {
    const config = read({
      LISTEN: ' 5000=amanda,histories  8000=flutter ',
      DIALECTS: 'histories',
      PORT: '1',
    });
    expect(config.listeners).toEqual([
      { port: 5000, dialects: ['histories', 'amanda'] },
      { port: 8000, dialects: ['flutter'] },
    ]);
    expect(config.dialects).toEqual(['histories', 'flutter', 'amanda']);
  });

  it('takes all dialects, and none', () => {
    expect(read({ LISTEN: '5000=all 8000 0=' }).listeners).toEqual([
      { port: 5000, dialects: choices.dialects },
      { port: 8000, dialects: [] },
      { port: 0, dialects: [] },
    ]);
  });

  it('is PORT and DIALECTS where it is not given', () => {
    expect(read({ PORT: '8080', DIALECTS: 'amanda' }).listeners).toEqual([
      { port: 8080, dialects: ['amanda'] },
    ]);
  });

  it.each([
    ['histories', /^LISTEN is "histories", but must be ports and their dialects, such as /],
    ['70000=histories', /^LISTEN is .* must be ports/],
    ['5000=histories;amanda', /^LISTEN is .* must be ports/],
    ['5000 5000=amanda', /^LISTEN is .* must be different ports\.$/],
    ['5000=oracle', /^LISTEN names "oracle", but must be all or some of histories, flutter, amanda\.$/],
  ])('%s is refused', (LISTEN, sentence) => {
    expect(complaint({ LISTEN })).toMatch(sentence);
  });
});

describe('a secret', () => {
  it.each([
    'your_secret_key_here',
    'your-secret-key',
    'your-jwt-secret-key',
    'your-secret-key-here',
    'change-me',
    'CHANGE_ME_CHANGE_ME_CHANGE_ME_CHANGE_ME',
    'your-super-secret-jwt-key-change-in-production-0123456789',
    'my-very-secret-key-that-is-long-enough-to-pass-32',
    'jwt-secret-key-change-this-please-0123456789',
    'hunter2',
    '0123456789abcdef0123456789abcde',
    'a'.repeat(64),
    'ab'.repeat(40),
  ])('%s is refused without being repeated', (secret) => {
    for (const name of ['JWT_SECRET_KEY', 'SECRET_KEY']) {
      const message = complaint({ [name]: secret });
      expect(message).toMatch(new RegExp(`^${name} must be `));
      expect(message).not.toContain(secret);
    }
  });

  it.each([
    '8b1f0c6f5f7c2e0f44a7d59c1b7e9d30a6c8e2f1b4d7093e5a6c1f8b2d4e7a90',
    '4Yq0n2Zb7wX1sT9cVfGm3Lk8Rj6HpDaE5uQiOyNzBxM',
    'correct horse battery staple on a grey winter morning',
  ])('%s is accepted', (secret) => {
    expect(read({ JWT_SECRET_KEY: secret }).jwtSecretKey).toBe(secret);
    expect(read({ SECRET_KEY: secret }).jwtSecretKey).toBe(secret);
  });
});

describe('the provider', () => {
  it('is what its settings say', () => {
    const config = read({
      AI_PROVIDER: 'openai',
      AI_MODEL: 'qwen3:4b',
      OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1/',
      AI_TEMPERATURE: '0.7',
      AI_MAX_OUTPUT_TOKENS: '500',
      AI_SEES_IMAGES: 'true',
    });
    expect(config.models.standard).toMatchObject({
      provider: 'openai',
      model: 'qwen3:4b',
      baseUrl: 'http://127.0.0.1:11434/v1',
      apiKey: '',
      firstTokenTimeoutMs: 60_000,
      idleTimeoutMs: 30_000,
      retries: 2,
      maxOutputTokens: 500,
      temperature: 0.7,
      seesImages: true,
      basicWordDelayMs: 0,
      seed: 0,
      grpc: { host: 'localhost', port: 50_051, tls: false, caFile: '' },
    });
  });
});
