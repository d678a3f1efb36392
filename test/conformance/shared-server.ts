import type { TestProject } from 'vitest/node';
import { openTarget } from './target.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the server that the conformance suites share. */
    sharedUrl: string;
  }
}

/** One server with the built-in AI for all suites: each makes users of its own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const target = await openTarget();
  project.provide('sharedUrl', target.url);
  return () => target.close();
}
