import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createFakeAi } from './fake-ai/fake-ai.mjs';
import { startServerProcess, temporaryFolder } from './server-process.ts';
import { type Sent, signInV1 } from './v1-client.ts';

/** Has a new build do once what most tests have it do: what it compiles for this, no other start compiles again. */
export async function setup(): Promise<void> {
  if (existsSync(resolve(import.meta.dirname, '../../dist/.compiled'))) return;
  const data = temporaryFolder();
  const ai = await createFakeAi();
  const server = await startServerProcess({
    DATA_DIR: data.folder,
    AI_PROVIDER: 'openai',
    OPENAI_BASE_URL: ai.url,
    AI_MODEL: 'fake:count=30,rate=300',
  });
  const client = await signInV1(server.url, 'first');
  const { id } = await client.json<{ id: string }>('POST', '/api/v1/chats', {});
  const messages = `/api/v1/chats/${id}/messages`;
  const { message, reply } = await client.json<Sent>('POST', messages, { text: 'Hello' });
  for await (const _ of client.events(`/api/v1/replies/${reply.id}/events`));
  await client.json('GET', `/api/v1/replies/${reply.id}`);
  await client.json('GET', `/api/v1/messages/${message.id}`);
  await client.json('GET', `${messages}?limit=100`);
  await client.json('GET', '/api/v1/chats');
  await server.stop();
  await ai.close();
  data.remove();
}
