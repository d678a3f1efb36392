import { startServerProcess, temporaryFolder } from '../support/server-process.ts';

/** A server that a conformance suite talks to, by its address alone. */
export type Target = { url: string; close(): Promise<void> };

/** A server of our own, with a data folder of its own. */
export async function openTarget(env: Record<string, string> = {}): Promise<Target> {
  const data = temporaryFolder();
  const server = await startServerProcess({ DATA_DIR: data.folder, ...env });
  return {
    url: server.url,
    async close() {
      await server.stop();
      data.remove();
    },
  };
}
