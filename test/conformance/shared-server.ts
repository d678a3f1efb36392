import type { TestProject } from 'vitest/node';
import { openTarget, type Target } from './target.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the server that the conformance suites share. */
    sharedUrl: string;
    /** Whether it is ours; of somebody else's, only what any server of a dialect must do is tested. */
    isOurs: boolean;
  }
}

// Read before the tests start: the runner gives them a BASE_URL of its own.
const givenUrl = process.env['BASE_URL']?.replace(/\/+$/, '');

/** `BASE_URL`, or one server with the built-in AI, for all suites: each makes users of its own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const target: Target = givenUrl ? { url: givenUrl, close: async () => undefined } : await openTarget();
  project.provide('sharedUrl', target.url);
  project.provide('isOurs', !givenUrl);
  return () => target.close();
}
