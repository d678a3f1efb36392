import { describe, expect, it } from 'vitest';
import { histories } from '../../../src/dialects/histories/index.ts';
import { documentedRoutes, liveRoutes, plainRoutes, suiteOf } from '../dialect-routes.ts';

const documented = documentedRoutes('histories');

describe('every documented endpoint', () => {
  it('is found in the README', () => {
    expect(documented.length).toBeGreaterThanOrEqual(15);
  });

  it.each(documented)('%s has a suite of its own', (route) => {
    expect(suiteOf('histories')).toContain(`describe('${route}'`);
  });
});

describe('every live route', () => {
  it('is documented, and no other', async () => {
    expect(plainRoutes(await liveRoutes(histories))).toEqual(plainRoutes(documented));
  });
});
