import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errors } from '../../src/core/errors.ts';
import type { ChangeType } from '../../src/core/events.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { playAi } from './played-ai.ts';

const page = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer(playAi());
});
afterAll(() => server.close());

describe('docs/api.md', () => {
  const rows = [...page.matchAll(/^\| `([A-Z]+) (\/[^`]*)` \| (.*) \|$/gm)];
  const documented = rows.map(([, method, path]) => `${method} ${path}`);

  test('has a row for every route, and no other', () => {
    const live = server.routes
      .filter(({ url }) => url.startsWith('/api/v1/'))
      .map(({ method, url }) => `${method} ${url.slice('/api/v1'.length).replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(documented.toSorted()).toEqual(live.toSorted());
  });

  test('says of each whether it is open', async () => {
    for (const [, method, path, words] of rows) {
      const url = `${server.url}/api/v1${path?.replace('{id}', '01a1f8e7-8aff-75d8-974b-acd6aa460003')}`;
      const { status } = await fetch(url, { method: method ?? '' });
      expect([method, path, status === 401 ? '' : '*open*']).toEqual([
        method,
        path,
        words?.startsWith('*open*') ? '*open*' : '',
      ]);
    }
  });

  test('has a row for every event, and no other', () => {
    const tables = page.split('\n## ').filter((section) => section.startsWith('Events of'));
    const named = tables.flatMap((table) =>
      [...table.matchAll(/^\| (`[a-z-]+`(?:, `[a-z-]+`)*) \|/gm)].flatMap(([, names = '']) =>
        names.split(', ').map((name) => name.replaceAll('`', '')),
      ),
    );
    const expected = [...ofReplies, ...Object.keys(changes), ...besideChanges];
    expect(named.toSorted()).toEqual(expected.toSorted());
  });

  test('names codes that exist', () => {
    const codes = [...page.matchAll(/(?:with|,) `([a-z]+(?:-[a-z]+)+)`/g)].map(([, code = '']) => code);
    expect(codes).toEqual(expect.arrayContaining(['revision-stale', 'too-many-waiting', 'position-invalid']));
    expect(codes.filter((code) => !(code in errors) && !(code in changes))).toEqual([]);
  });
});

const ofReplies = ['reply-waiting', 'text-delta', 'reply-end', 'reply-error'];
// The compiler asks for every change that the core knows.
const changes: Record<ChangeType, true> = {
  'chat-created': true,
  'chat-updated': true,
  'chat-deleted': true,
  'chat-cleared': true,
  'branch-switched': true,
  'message-created': true,
  'message-updated': true,
  'message-delivered': true,
  'message-deleted': true,
  'reply-start': true,
  'reply-end': true,
};
const besideChanges = ['text-delta', 'typing', 'reset'];
