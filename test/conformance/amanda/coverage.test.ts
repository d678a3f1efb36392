import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { amanda } from '../../../src/dialects/amanda/index.ts';
import { documentedRoutes, liveRoutes, plainRoutes, suiteOf } from '../dialect-routes.ts';

const documented = documentedRoutes('amanda');
const readme = readFileSync(new URL('../../../src/dialects/amanda/README.md', import.meta.url), 'utf8');
const events = [...readme.matchAll(/^\| `([a-z]+(?:_[a-z]+)*)` \| (?:client|server) \|/gm)].map(
  ([, event]) => event ?? '',
);
const suite = suiteOf('amanda');

it('the README names every endpoint and event', () => {
  expect(documented.length).toBeGreaterThanOrEqual(13);
  expect(events).toEqual([
    'send_message',
    'send_voice_message',
    'text_to_speech',
    'voice_transcription',
    'speech',
    'message_token',
    'message_complete',
    'error',
  ]);
});

it.each([...documented, ...events])('%s has a suite of its own', (name) => {
  expect(suite).toContain(`describe('${name}'`);
});

it('every live route is documented, and no other', async () => {
  expect(plainRoutes(await liveRoutes(amanda))).toEqual(plainRoutes(documented));
});
