import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestDatabase } from '../support/databases/database-server.ts';
import { describeEachServerDatabase } from '../support/each-server-database.ts';
import { runSeed, seededRandom } from '../support/random.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { openTcpRelay, type TcpRelay } from '../support/tcp-relay.ts';
import { newPrefix, testRedisUrl } from '../support/test-redis.ts';
import { createV1Client, type Sent, signInV1, type V1Client, type V1Message } from '../support/v1-client.ts';
import { findAnomalies, type Operation } from './find-anomalies.ts';

/** `HISTORY_OPERATIONS=20000 npm test -- test/faults/history` is what is promised; here is what every run has time for. */
const operations = Number(process.env['HISTORY_OPERATIONS'] ?? '1500');
const users = 4;
const clientsPerUser = 3;
const seed = runSeed();
const random = seededRandom(seed);

describeEachServerDatabase(
  `a history of ${operations} operations on two nodes (SEED=${seed})`,
  (databases) => {
    let database: TestDatabase;
    let toDatabase: TcpRelay;
    let nodes: [ServerProcess, ServerProcess];
    const data = temporaryFolder();
    const prefix = newPrefix();
    const history: Operation[] = [];
    /** Has the trouble go on that waits for operations. */
    let goOn = () => undefined as void;
    const counts = { kills: 0, pauses: 0, acknowledged: 0, unanswered: 0 };

    const start = (databaseUrl: string) =>
      startServerProcess({
        DATA_DIR: data.folder,
        DATABASE_URL: databaseUrl,
        REDIS_URL: testRedisUrl,
        REDIS_PREFIX: prefix,
        JWT_SECRET_KEY: 'a secret of the tests, long enough to be one',
        RATE_LIMITS: 'off',
        REPLY_LEASE_MS: '1000',
        MAX_WAITING_REPLIES_PER_CHAT: '1000',
        MAX_OPEN_REPLIES_PER_USER: '10000',
        LOG_LEVEL: 'fatal',
      });
    const relayedUrl = () => {
      const url = new URL(database.url);
      url.hostname = '127.0.0.1';
      url.port = String(toDatabase.port);
      return url.href;
    };

    beforeAll(async () => {
      database = await databases.create();
      const there = new URL(database.url);
      const standard = databases.name === 'postgres' ? '5432' : '3306';
      toDatabase = await openTcpRelay({ host: there.hostname, port: Number(there.port || standard) });
      // One node is killed, the other one loses its database now and then.
      nodes = [await start(database.url), await start(relayedUrl())];
    });
    afterAll(async () => {
      await Promise.all(nodes.map((node) => node.stop()));
      await toDatabase.close();
      await database.drop();
      data.remove();
    });

    it('is one that a single server could have had', { timeout: 900_000 }, async () => {
      const people = await Promise.all(
        Array.from({ length: users }, async (_, index) => {
          const client = await signInV1(nodes[1].url, `person ${index}`);
          const { id } = await client.json<{ id: string }>('POST', '/api/v1/chats', {});
          return { chat: id, token: client.token };
        }),
      );
      let isOver = false;
      const trouble = makeTrouble(() => isOver);
      await Promise.all(
        people.flatMap((person) => Array.from({ length: clientsPerUser }, () => live(person))),
      );
      isOver = true;
      goOn();
      await trouble;
      for (const { chat, token } of people) {
        const stored = await allMessages(createV1Client(nodes[1].url, token), chat);
        const own = history.filter((operation) => operation.chat === chat);
        expect(findAnomalies(own, stored)).toEqual([]);
      }
      counts.acknowledged = history.filter(({ acknowledgedAt }) => acknowledgedAt !== null).length;
      counts.unanswered = history.length - counts.acknowledged;
      console.log(`history on ${databases.name}: ${history.length} operations, ${JSON.stringify(counts)}`);
      expect(counts.acknowledged).toBeGreaterThan(operations / 2);
      expect(counts.kills).toBeGreaterThan(0);
    });

    /** One client: one operation after the other, each on any node. */
    async function live({ chat, token }: { chat: string; token: string }): Promise<void> {
      const own: { id: string; text: string }[] = [];
      while (history.length < operations) {
        const client = createV1Client(nodes[random() < 0.5 ? 0 : 1].url, token);
        const kind = random();
        if (kind < 0.55 || own.length === 0) await say(client, { chat, own });
        else if (kind < 0.65) await remove(client, { chat, own });
        else await look(client, chat);
      }
    }

    async function note(operation: Operation, ask: () => Promise<Partial<Operation>>): Promise<void> {
      history.push(operation);
      goOn();
      try {
        const found = await ask();
        Object.assign(operation, found, { acknowledgedAt: performance.now() });
      } catch {
        // Nobody knows whether it was done: killed, cut off, or refused for now.
      }
    }

    type Place = { chat: string; own: { id: string; text: string }[] };

    async function say(client: V1Client, { chat, own }: Place): Promise<void> {
      const text = randomUUID();
      const headers = { 'idempotency-key': text };
      const operation: Operation = {
        kind: 'send',
        chat,
        text,
        startedAt: performance.now(),
        acknowledgedAt: null,
      };
      await note(operation, async () => {
        const path = `/api/v1/chats/${chat}/messages`;
        const { message } = await client.json<Sent>('POST', path, { text }, headers);
        own.push({ id: message.id, text });
        return {};
      });
      if (operation.acknowledgedAt !== null || random() < 0.3) return;
      // Again under the same key, on the other node as like as not: it counts once.
      const again = createV1Client(nodes[random() < 0.5 ? 0 : 1].url, client.token);
      await again.request('POST', `/api/v1/chats/${chat}/messages`, { text }, headers).catch(() => undefined);
    }

    async function remove(client: V1Client, { chat, own }: Place): Promise<void> {
      const [gone] = own.splice(Math.floor(random() * own.length), 1);
      if (!gone) return;
      const { text } = gone;
      const operation: Operation = {
        kind: 'delete',
        chat,
        text,
        startedAt: performance.now(),
        acknowledgedAt: null,
      };
      await note(operation, () => client.json('DELETE', `/api/v1/messages/${gone.id}`).then(() => ({})));
    }

    async function look(client: V1Client, chat: string): Promise<void> {
      const operation: Operation = {
        kind: 'read',
        chat,
        text: '',
        startedAt: performance.now(),
        acknowledgedAt: null,
      };
      await note(operation, async () => {
        const { items } = await client.json<{ items: V1Message[] }>(
          'GET',
          `/api/v1/chats/${chat}/messages?limit=30`,
        );
        return { seen: items.filter(({ role }) => role === 'user').map(({ text }) => text) };
      });
    }

    /** Kills a node, or cuts or freezes the database of the other, a hundred operations apart. */
    async function makeTrouble(isOver: () => boolean): Promise<void> {
      for (let next = 100; !isOver(); next += 250) {
        while (history.length < next && !isOver()) await new Promise<void>((resolve) => (goOn = resolve));
        if (isOver()) return;
        // A history without any kill would show too little: the first trouble is one.
        const kind = counts.kills === 0 ? 0 : random();
        if (kind < 0.5) {
          await nodes[0].kill();
          counts.kills += 1;
          nodes[0] = await start(database.url);
        } else {
          counts.pauses += 1;
          if (kind < 0.75) await toDatabase.cut();
          else toDatabase.freeze();
          // How long it is away.
          await new Promise((resolve) => void setTimeout(resolve, 300));
          await toDatabase.mend();
        }
      }
    }
  },
);

async function allMessages(client: V1Client, chat: string): Promise<string[]> {
  const texts: string[] = [];
  for (let cursor = ''; ;) {
    const page: { items: V1Message[]; older_cursor: string | null } = await client.json(
      'GET',
      `/api/v1/chats/${chat}/messages?limit=100${cursor}`,
    );
    texts.unshift(...page.items.filter(({ role }) => role === 'user').map(({ text }) => text));
    if (page.older_cursor === null) return texts;
    cursor = `&cursor=${page.older_cursor}`;
  }
}
