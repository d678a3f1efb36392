import { describe, expect, it } from 'vitest';
import { MustBe } from './parser.ts';
import { redisUrl } from './redis-url.ts';

describe('REDIS_URL', () => {
  it.each([
    ['redis://127.0.0.1:6379', 'redis://127.0.0.1:6379'],
    ['redis://user:p%40ss@host:6379/2?family=6', 'redis://user:p%40ss@host:6379/2?family=6'],
    // The driver knows the scheme by its small letters only, and would send the password in clear.
    ['REDISS://:p@host', 'rediss://:p@host'],
    [
      'rediss://host?sslmode=verify-ca&sslrootcert=/ca.pem',
      'rediss://host?sslmode=verify-ca&sslrootcert=/ca.pem',
    ],
  ])('%s is read as %s', (text, url) => {
    expect(redisUrl(text)).toBe(url);
  });

  it.each([
    ['http://host', 'an address such as redis://'],
    ['rediss:host', 'an address such as redis://'],
    ['redis://host?sslmode=require', 'begins with rediss:'],
    ['redis://host?tls=true', 'begins with rediss:'],
    ['rediss://host?sslmode=disable', 'sslmode is require, verify-ca or verify-full'],
    ['rediss://host?ssl_cert_reqs=none', 'sslmode is require, verify-ca or verify-full'],
    ['rediss://:hunter2@host?sslmode=hunter2', 'sslmode is require, verify-ca or verify-full'],
  ])('%s is refused without being repeated', (text, reason) => {
    const refused = redisUrl(text);
    expect(refused).toBeInstanceOf(MustBe);
    expect((refused as MustBe).what).toContain(reason);
    expect((refused as MustBe).what).not.toContain('hunter2');
  });
});
