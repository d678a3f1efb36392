import { describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { ConfigError } from './config-error.ts';

const read = (environment: Record<string, string>) =>
  readConfig([environment], { dialects: [], providers: ['basic', 'grpc'] });

describe('the settings of an AI backend', () => {
  it('need nothing', () => {
    expect(read({ AI_PROVIDER: 'grpc' }).models.standard).toMatchObject({
      provider: 'grpc',
      model: '',
      grpc: { host: 'localhost', port: 50_051, tls: false, caFile: '' },
    });
  });

  it('are what is given', () => {
    const config = read({
      AI_PROVIDER: 'grpc',
      AI_MODEL: 'amanda',
      GRPC_AI_BACKEND_HOST: '::1',
      GRPC_AI_BACKEND_PORT: '50052',
      GRPC_AI_BACKEND_TLS: 'on',
      GRPC_AI_BACKEND_CA_FILE: '/etc/ca.pem',
    });
    expect(config.models.standard).toMatchObject({
      model: 'amanda',
      grpc: { host: '::1', port: 50_052, tls: true, caFile: '/etc/ca.pem' },
    });
    expect(config.notices).toEqual([]);
  });

  it.each([
    [{ GRPC_AI_BACKEND_CA_FILE: '/ca.pem' }, 'has no use while GRPC_AI_BACKEND_TLS is off.'],
    [
      { GRPC_AI_BACKEND_PORT: '0' },
      'GRPC_AI_BACKEND_PORT is "0", but must be a whole number from 1 to 65535.',
    ],
    [{ GRPC_AI_BACKEND_HOST: 'unix:/tmp/socket' }, 'must be an address or host name alone'],
  ])('are refused in one line: %j', (environment, message) => {
    const attempt = () => read(environment);
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(message);
  });
});
