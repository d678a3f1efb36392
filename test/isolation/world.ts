import { Readable } from 'node:stream';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { api } from '../../src/api/index.ts';
import { describeRoutes } from '../../src/api/openapi.ts';
import type { Core } from '../../src/core/core.ts';
import type { Actor } from '../../src/core/ports.ts';
import { onlyModel } from '../../src/core/models.ts';
import type { Provider } from '../../src/core/provider.ts';
import type { User } from '../../src/core/users/user.ts';
import { createTokenSigner } from '../../src/credentials/token-signer.ts';
import { dialects } from '../../src/dialects/index.ts';
import { mountDialects } from '../../src/dialects/kit/mount-dialects.ts';
import type { Access } from '../../src/http/route-policy.ts';
import { uploadRoutes } from '../../src/http/upload-routes.ts';
import { createSseStreams } from '../../src/realtime/sse.ts';
import { createTestApp } from '../http/test-app.ts';
import { samples } from '../support/sample-files.ts';
import { createTempCore } from '../support/temp-core.ts';
import { openTempStorage } from '../support/temp-storage.ts';
import type { Ids } from './id-forms.ts';
import { openOwnerRows } from './owner-rows.ts';

export type LiveRoute = { method: string; url: string; readonly access: Access | undefined };
/** A chat with a message, an answer to it and the reply that wrote that; a file that no message carries. */
export type Things = { user: Ids; chat: Ids; message: Ids; answer: Ids; reply: Ids; file: Ids };
export type World = {
  app: FastifyInstance;
  core: Core;
  /** Every route that was declared, but HEAD twins. */
  routes: readonly LiveRoute[];
  tokens: ReturnType<typeof createTokenSigner>;
  newUser(name: string): Promise<User>;
  actorOf(user: User): Promise<Actor>;
  /** Makes things that are called by a name, for a user. */
  newThings(user: User, name: string): Promise<Things>;
  /** Every row of a user, in every table. */
  rowsOf(user: User): string[];
  close(): Promise<void>;
};

/** Says what it was asked, and where it is asked to hold, never ends. */
const talkingAi: Provider = {
  name: 'talking',
  model: 'talking-1',
  seesImages: true,
  models: async () => [],
  close: async () => undefined,
  async *stream({ turns }, signal) {
    // An address that somebody sent with a question is not told by being repeated to them later.
    const text = (turns.at(-1)?.text ?? '').replaceAll(/ the address ".*"/g, ' an address');
    yield { type: 'text-delta', text: `the answer to ${text}` };
    if (text.includes('hold')) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return;
    }
    yield { type: 'finish', reason: 'stop' };
  },
};

/** The whole server, on a database of its own, without a port. */
export async function openWorld(): Promise<World> {
  const storage = await openTempStorage();
  const tokens = createTokenSigner({
    secret: 'a secret of the tests, long enough to be one',
    clock: () => new Date(),
  });
  const running = createTempCore(storage.store, { provider: talkingAi, tokens });
  const { core } = running;
  const routes: LiveRoute[] = [];
  const streams = createSseStreams({ sessions: core.sessions });
  const app = await createTestApp({
    beforeRoutes: (scope) => {
      scope.addHook('onRoute', (route) => {
        const { method } = route;
        for (const one of [method].flat()) if (one !== 'HEAD') routes.push(liveRoute(one, route));
      });
      return describeRoutes(scope, { version: '1.2.3' });
    },
    parts: [
      (scope) => api(scope, { core, models: onlyModel(talkingAi), streams }),
      (scope) => uploadRoutes(scope, { core }),
      (scope) => mountDialects(scope, { core, dialects }),
    ],
  });
  const rows = openOwnerRows(storage.url.replace('sqlite:', ''));

  const actorOf = async (user: User): Promise<Actor> =>
    core.sessions.checkToken((await core.sessions.openAccess(user)).accessToken);

  return {
    app,
    core,
    routes,
    tokens,
    actorOf,
    newUser: (name) =>
      core.users.register({
        username: name,
        email: `${name}@mail.example`,
        firstName: `first-${name}`,
        password: `word of ${name}`,
      }),
    async newThings(user, name) {
      const actor = await actorOf(user);
      const chat = await core.chats.create(actor, { title: `title-${name}` });
      const { message, reply } = await core.messages.send(actor, { chat: chat.id, text: `text-${name}` });
      const answer = name.includes('hold')
        ? await firstWords(core, actor, reply.uuid)
        : await core.replies.finished(actor, reply.id);
      const file = await core.attachments.store(actor, {
        name: `file-${name}.png`,
        bytes: Readable.from([samples['png']?.bytes ?? Buffer.from('')]),
      });
      return { user, chat, message, answer, reply, file };
    },
    rowsOf: (user) => rows.read(user.id),
    async close() {
      rows.close();
      streams.close();
      await running.stop(0);
      app.server.closeAllConnections();
      await app.close();
      await storage.dispose();
    },
  };
}

/** Its policy may come by a hook that runs later. */
const liveRoute = (method: string, route: RouteOptions): LiveRoute => ({
  method,
  url: route.url,
  get access() {
    return route.config?.access;
  },
});

/** The message of a reply that has begun to speak. */
async function firstWords(core: Core, actor: Actor, reply: Parameters<Core['replies']['find']>[1]) {
  for await (const event of core.replies.follow(actor, reply, { after: 0 })) {
    if (event.type === 'text-delta') break;
  }
  const { messageId } = await core.replies.find(actor, reply);
  if (messageId === null) throw new Error('A reply that speaks has a message');
  return core.messages.find(actor, messageId);
}
