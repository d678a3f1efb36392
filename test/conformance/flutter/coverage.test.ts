import { describe, expect, it } from 'vitest';
import { flutter } from '../../../src/dialects/flutter/index.ts';
import { documentedRoutes, liveRoutes, plainRoutes, suiteOf } from '../dialect-routes.ts';
import { otherSpelling } from './client.ts';

const documented = documentedRoutes('flutter');

describe('every documented endpoint', () => {
  it('is found in the README', () => {
    expect(documented.length).toBeGreaterThanOrEqual(10);
  });

  it.each(documented)('%s has a suite of its own', (route) => {
    expect(suiteOf('flutter')).toContain(`describe('${route}'`);
  });
});

describe('every live route', () => {
  it('is documented, with a slash at its end and without, and no other', async () => {
    const bothSpellings = documented.flatMap((route) => [route, otherSpelling(route)]);
    expect(plainRoutes(await liveRoutes(flutter))).toEqual(plainRoutes(bothSpellings));
  });
});
