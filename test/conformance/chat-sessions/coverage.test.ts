import { describe, expect, it } from 'vitest';
import { chatSessions } from '../../../src/dialects/chat-sessions/index.ts';
import { documentedRoutes, liveRoutes, plainRoutes, suiteOf } from '../dialect-routes.ts';

const documented = documentedRoutes('chat-sessions');

describe('every documented endpoint', () => {
  it('is found in the README', () => {
    expect(documented).toHaveLength(18);
  });

  it.each(documented)('%s has a suite of its own', (route) => {
    expect(suiteOf('chat-sessions')).toContain(`describe('${route}'`);
  });
});

describe('every live route', () => {
  it('is documented, and no other', async () => {
    expect(plainRoutes(await liveRoutes(chatSessions))).toEqual(plainRoutes(documented));
  });
});
