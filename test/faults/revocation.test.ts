import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disableUser } from '../../src/core/users/disable-user.ts';
import type { UserUuid } from '../../src/core/users/user.ts';
import { openStorage, type Storage } from '../../src/storage/open-storage.ts';
import { createFakeAi, type FakeAi } from '../support/fake-ai/fake-ai.mjs';
import { databaseUrlOf } from '../support/stored-data.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { createV1Client, type Sent, type V1Client } from '../support/v1-client.ts';
import { openReaders, type Place } from './open-readers.ts';

const people = 20;
const withinMs = 1_000;
const text = 'fake:count=100000,rate=20';
const password = 'a password to be changed';

type Person = Place & {
  id: string;
  /** The logins that read, and another one. */
  client: V1Client;
  browser: (method: string, path: string) => Promise<Response>;
  other: V1Client;
};
type Login = { user: { id: string }; access_token: string };

describe(`P9: ${people} people whose replies stream`, () => {
  const data = temporaryFolder();
  let ai: FakeAi;
  let server: ServerProcess;
  let storage: Storage;
  let registered = 0;

  beforeAll(async () => {
    ai = await createFakeAi();
    server = await startServerProcess({
      DATA_DIR: data.folder,
      AI_PROVIDER: 'openai',
      OPENAI_BASE_URL: ai.url,
      AI_MODEL: 'fake',
      RATE_LIMITS: 'off',
    });
    storage = await openStorage({ url: await databaseUrlOf(data.folder) });
  });
  afterAll(async () => {
    await storage.close();
    await server.kill();
    await ai.close();
    data.remove();
  });

  /** What takes a person's rights. It resolves when it has happened. */
  const acts: Record<string, (person: Person) => Promise<unknown>> = {
    logout: ({ client, browser }) =>
      Promise.all([
        client.json('POST', '/api/v1/auth/sign-out', {}),
        browser('POST', '/api/v1/auth/sign-out'),
      ]),
    'password change elsewhere': ({ other }) =>
      other.json('POST', '/api/v1/me/password', { current_password: password, new_password: 'another' }),
    // From another process, as the command line does it: nobody tells the server.
    'disabling by the operator': ({ id }) =>
      disableUser(
        {
          store: storage,
          clock: () => new Date(),
          fanout: {
            publish: () => undefined,
            subscribe: () => () => undefined,
            publishEnded: () => undefined,
            subscribeEnded: () => () => undefined,
            publishStop: () => undefined,
            subscribeStop: () => () => undefined,
          },
        },
        id as UserUuid,
      ),
  };

  it.each(Object.entries(acts))(
    'after %s hear nothing more, and are gone, within 1 s',
    async (_name, act) => {
      const crowd = await Promise.all(Array.from({ length: people }, signUp));
      const readers = await Promise.all(
        crowd.flatMap((person) =>
          Object.entries(openReaders).map(async ([transport, open]) => ({
            person,
            transport,
            reader: await open(person),
          })),
        ),
      );
      const doneAt = new Map<Person, number>();
      await Promise.all(
        crowd.map(async (person) => {
          await act(person);
          doneAt.set(person, performance.now());
        }),
      );
      const late: string[] = [];
      for (const { person, transport, reader } of readers) {
        const closedMs = (await reader.closedAt) - (doneAt.get(person) ?? 0);
        const toldMs = reader.lastToldAt() - (doneAt.get(person) ?? 0);
        if (Math.max(closedMs, toldMs) > withinMs) {
          late.push(`${transport}: last word after ${toldMs} ms, closed after ${closedMs} ms`);
        }
      }
      expect(late).toEqual([]);
      // The replies themselves go on: there was more to hear.
      expect(await stillSpoken(crowd)).toBe(people);
    },
  );

  async function signUp(): Promise<Person> {
    registered += 1;
    const username = `person${registered}`;
    const { url } = server;
    const guest = createV1Client(url, '');
    const tokens = { username, password, mode: 'tokens' };
    const { user, access_token: token } = await guest.json<Login>('POST', '/api/v1/auth/register', tokens);
    const signIn = { login: username, password };
    const other = await guest.json<Login>('POST', '/api/v1/auth/sign-in', signIn);
    const answer = await guest.request('POST', '/api/v1/auth/sign-in', { ...signIn, mode: 'cookie' });
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    const client = createV1Client(url, token);
    const { id: chat } = await client.json<{ id: string }>('POST', '/api/v1/chats', {});
    const path = `/api/v1/chats/${chat}/messages`;
    const { reply } = await client.json<Sent>('POST', path, { text: `${text} ${user.id}` });
    return {
      url,
      id: user.id,
      token,
      cookie,
      chat,
      reply: reply.id,
      client,
      browser: (method, where) => fetch(url + where, { method, headers: { cookie } }),
      other: createV1Client(url, other.access_token),
    };
  }

  /** How many of their replies the AI is still writing. */
  async function stillSpoken(crowd: readonly Person[]): Promise<number> {
    const asked = crowd.map(({ id }) =>
      ai.requests.find(({ body }) => JSON.stringify(body.messages?.at(-1) ?? '').includes(id)),
    );
    const ends = await Promise.all(
      asked.map((request) => Promise.race([request?.ended ?? 'never asked', Promise.resolve('still')])),
    );
    return ends.filter((end) => end === 'still').length;
  }
});
