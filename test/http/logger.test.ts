import { describe, expect, it } from 'vitest';
import type { HttpPart } from '../../src/http/create-http-app.ts';
import { createLogger, redactUrl } from '../../src/http/logger.ts';
import { createTestApp } from './test-app.ts';

describe('redactUrl', () => {
  it.each([
    ['/ws?token=abc.def', '/ws?token=[redacted]'],
    ['/ws?a=1&Token=abc&b=2', '/ws?a=1&Token=[redacted]&b=2'],
    ['/x?access_token=a&refresh_token=b', '/x?access_token=[redacted]&refresh_token=[redacted]'],
    ['/x?api_key=a;password=b', '/x?api_key=[redacted];password=[redacted]'],
    ['/chats?limit=5', '/chats?limit=5'],
  ])('%s → %s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });
});

describe('the log', () => {
  it('keeps no credential and no text of a request, at any level', async () => {
    const lines: string[] = [];
    const log = createLogger({ level: 'trace', destination: { write: (line) => void lines.push(line) } });
    const failing: HttpPart = (scope) => {
      scope.post('/fails', { config: { access: 'open' } }, () => {
        throw new Error('the reason');
      });
    };
    const app = await createTestApp({ log, parts: [failing] });
    await app.inject({
      method: 'POST',
      url: '/fails?token=SECRET1&x=1',
      headers: {
        authorization: 'Bearer SECRET2',
        cookie: 'session=SECRET3',
        'content-type': 'application/json',
      },
      payload: { text: 'SECRET4', password: 'SECRET5' },
    });
    log.info(
      { headers: { authorization: 'SECRET6', 'set-cookie': 'SECRET7' }, password: 'SECRET8' },
      'by hand',
    );
    await app.close();
    const text = lines.join('');
    expect(text).toContain('the reason');
    expect(text).toContain('/fails?token=[redacted]&x=1');
    expect(text).not.toMatch(/SECRET\d/);
  });

  it('is read by a person as text, which cannot steer the terminal', () => {
    const lines: string[] = [];
    const log = createLogger({
      level: 'debug',
      format: 'text',
      destination: { write: (line) => void lines.push(line) },
    });
    log.info({ migration: '0001', took: 3, words: 'two words', token: 'SECRET' }, 'Applied');
    log.info(5);
    log.info({ msg: { a: 1 } });
    log.warn({ who: 'a\u001B[2Jb\u202E', list: [1, { a: null }] }, 'Odd\nname');
    const cause = Object.assign(new Error('no route'), { stack: 'Error: no route\n    at there' });
    log.error(
      { err: Object.assign(new Error('away', { cause }), { stack: 'Error: away\n    at here' }) },
      'Failed',
    );
    expect(
      lines
        .join('')
        .replaceAll(/^\d\d:\d\d:\d\d/gm, 'TIME')
        .split('\n'),
    ).toEqual([
      'TIME Applied migration=0001 took=3 words="two words" token=[redacted]',
      'TIME 5',
      'TIME {"a":1}',
      'TIME warn Odd\\u{a}name who=a\\u{1b}[2Jb\\u{202e} list=[1,{"a":null}]',
      'TIME error Failed',
      '  Error: away',
      '      at here',
      '  Error: no route',
      '      at there',
      '',
    ]);
  });
});
