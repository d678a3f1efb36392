import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { startServerProcess, temporaryFolder } from './server-process.ts';
import { signInV1 } from './v1-client.ts';

/** Has a new build do once what most tests have it do: what it compiles for this, no other start compiles again. */
export async function setup(): Promise<void> {
  if (existsSync(resolve(import.meta.dirname, '../../dist/.compiled'))) return;
  const data = temporaryFolder();
  const server = await startServerProcess({ DATA_DIR: data.folder });
  const client = await signInV1(server.url, 'first');
  const { id } = await client.json<{ id: string }>('POST', '/api/v1/chats', {});
  await client.json('POST', `/api/v1/chats/${id}/messages`, { text: 'Hello' });
  await server.stop();
  data.remove();
}
