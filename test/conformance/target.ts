import { startServerProcess, temporaryFolder } from '../support/server-process.ts';

/** The server that a conformance suite talks to, by its address alone. */
export type Target = { url: string; close(): Promise<void> };

/** The address of somebody else's server; then only what any server of the dialect must do is tested. */
// The test runner sets BASE_URL too, to a path.
export const givenUrl = /^https?:\/\/[^/]+/.exec(process.env['BASE_URL'] ?? '')?.[0];

/** `BASE_URL`, or a server of our own with a data folder of its own. */
export async function openTarget(env: Record<string, string> = {}): Promise<Target> {
  if (givenUrl !== undefined) return { url: givenUrl, close: async () => undefined };
  const data = temporaryFolder();
  const server = await startServerProcess({ DATA_DIR: data.folder, RATE_LIMITS: 'off', ...env });
  return {
    url: server.url,
    async close() {
      await server.stop();
      data.remove();
    },
  };
}
