import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { HttpAppOptions, HttpSettings } from '../../src/http/create-http-app.ts';
import type { VoiceService } from '../../src/core/voice/voice.ts';
import { amanda } from '../../src/dialects/amanda/index.ts';
import { mountDialects } from '../../src/dialects/kit/mount-dialects.ts';
import { serveUpgrades, type SocketEndpoint } from '../../src/http/upgrades.ts';
import { createReaders, type Readers } from '../../src/realtime/readers.ts';
import { createTestApp } from '../http/test-app.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';

export type SocketIoTestServer = {
  url: string;
  port: number;
  app: FastifyInstance;
  core: TempCore;
  readers: Readers;
  /** A new user's cookie, and an empty chat. */
  newUser(): Promise<{ cookie: string; chatId: number }>;
  close(): Promise<void>;
};

/** A server with Socket.IO in this process, with a played AI, and where the test gives one, with a voice. */
export async function startSocketIoServer(
  readersPerUser?: number,
  voice?: VoiceService,
  http: Pick<HttpAppOptions, 'rateLimits'> & { settings?: Partial<HttpSettings> } = {},
): Promise<SocketIoTestServer> {
  const core = await openTempCore(voice ? { voice } : {});
  const readers = createReaders({
    sessions: core.core.sessions,
    ...(readersPerUser === undefined ? {} : { readersPerUser }),
  });
  const endpoints: SocketEndpoint[] = [];
  const app = await createTestApp({
    ...http,
    parts: [
      async (scope) =>
        endpoints.push(...(await mountDialects(scope, { core: core.core, dialects: [amanda], readers }))),
    ],
  });
  serveUpgrades(app, endpoints);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    app,
    core,
    readers,
    async newUser() {
      const email = `${crypto.randomUUID()}@example.com`;
      const user = await core.core.users.register({ email, password: 'long enough' });
      const { session, secret } = await core.core.sessions.openCookie(user);
      const chat = await core.core.chats.create({ userId: user.id, sessionId: session.id }, {});
      return { cookie: `session=${secret}`, chatId: chat.id };
    },
    async close() {
      readers.close();
      for (const endpoint of endpoints) await endpoint.close();
      app.server.closeAllConnections();
      await app.close();
      await core.dispose();
    },
  };
}
