import { describe, expect, it } from 'vitest';
import { conversations } from '../../../src/dialects/conversations/index.ts';
import { documentedRoutes, liveRoutes, plainRoutes, suiteOf } from '../dialect-routes.ts';

const documented = documentedRoutes('conversations');

describe('every documented endpoint', () => {
  it('is found in the README', () => {
    expect(documented).toHaveLength(12);
  });

  it.each(documented)('%s has a suite of its own', (route) => {
    expect(suiteOf('conversations')).toContain(`describe('${route}'`);
  });
});

describe('every live route', () => {
  it('is documented, and no other', async () => {
    expect(plainRoutes(await liveRoutes(conversations))).toEqual(plainRoutes(documented));
  });
});
