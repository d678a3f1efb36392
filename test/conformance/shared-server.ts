import type { TestProject } from 'vitest/node';
import { openTarget, type Target } from './target.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the server that the conformance suites share. */
    sharedUrl: string;
    /** The address of one that serves histories alone: some of its routes mean something to amanda's clients, too. */
    historiesUrl: string;
    /** Whether it is ours; of somebody else's, only what any server of a dialect must do is tested. */
    isOurs: boolean;
  }
}

// Read before the tests start: the runner gives them a BASE_URL of its own.
const givenUrl = process.env['BASE_URL']?.replace(/\/+$/, '');

/** `BASE_URL`, or servers of ours with the built-in AI, for all suites: each makes users of its own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const open = (env: Record<string, string> = {}): Promise<Target> =>
    givenUrl ? Promise.resolve({ url: givenUrl, close: async () => undefined }) : openTarget(env);
  const [shared, alone] = await Promise.all([open(), open({ DIALECTS: 'histories' })]);
  project.provide('sharedUrl', shared.url);
  project.provide('historiesUrl', alone.url);
  project.provide('isOurs', !givenUrl);
  return async () => {
    await Promise.all([shared.close(), alone.close()]);
  };
}
