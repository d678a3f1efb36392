import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatUuid } from '../../src/core/chats/chat.ts';
import type { User } from '../../src/core/users/user.ts';
import { attempt, ownAttempt } from './attempts.ts';
import { bearer, type Headers, livingIdentities } from './identities.ts';
import type { RouteEntry } from './route-table.ts';
import { tables } from './tables.ts';
import { openWorld, type Things, type World } from './world.ts';

const mark = 'ownmark';
const sends = Object.values(tables)
  .flatMap((table) => Object.entries(table))
  .filter(([route, { path, body }]) => path && body && /^POST .*\/(send|messages\/?)$/.test(route));

let world: World;
let owner: User;
let theirs: Things;
let stranger: User;
let own: Things;
beforeAll(async () => {
  world = await openWorld();
  owner = await world.newUser(mark);
  theirs = await world.newThings(owner, `${mark}-1`);
  await world.newThings(owner, `${mark}-2`);
  stranger = await world.newUser('stranger');
  own = await world.newThings(stranger, 'own');
  await world.newThings(stranger, 'own-2');
});
afterAll(() => world.close());

const tokenOf = async (user: User) => bearer((await world.core.sessions.openAccess(user)).accessToken);
const get = (url: string, headers: Headers) => world.app.inject({ url, headers });

/** What a user has sent; replies to that may still be written. */
const said = (user: User) =>
  world.rowsOf(user).filter((row) => row.startsWith('messages ') && !row.includes('"role":"assistant"'));

/** Calls a route by whichever credential it takes. */
async function call(user: User, route: string, { entry, things, key }: Call): Promise<string> {
  const { method, path, body } = ownAttempt(route, entry, things);
  for (const headers of Object.values(await livingIdentities(world, user))) {
    const answer = await world.app.inject({
      method: method as 'POST',
      url: path,
      headers: { ...headers, 'idempotency-key': key },
      payload: body ?? {},
    });
    if (answer.statusCode === (entry.status ?? 200)) return answer.payload;
  }
  throw new Error(`${route} did not work`);
}
type Call = { entry: RouteEntry; things: Things; key: string };

describe('an Idempotency-Key that another user has used', () => {
  it('is looked for on every route that sends', () => {
    expect(sends.length).toBeGreaterThanOrEqual(6);
  });

  it.each(sends)('makes a message of one’s own on %s', async (route, entry) => {
    const key = `key of ${route}`.replaceAll(' ', '-');
    const first = await call(owner, route, { entry, things: theirs, key });
    const [before, theirsBefore] = [said(stranger), said(owner)];
    const second = await call(stranger, route, { entry, things: own, key });
    expect(said(stranger)).toHaveLength(before.length + 1);
    expect(said(owner)).toEqual(theirsBefore);
    expect(second).not.toBe(first);
  });

  it.each(sends)('opens nothing on %s', async (route, entry) => {
    const key = `another key of ${route}`.replaceAll(' ', '-');
    await call(owner, route, { entry, things: theirs, key });
    const before = said(owner);
    const { method, path, body } = attempt(route, entry, {
      path: Object.fromEntries(
        Object.entries(entry.path ?? {}).map(([name, slot]) => [
          name,
          String(slot.endsWith('uuid') ? theirs.chat.uuid : theirs.chat.id),
        ]),
      ),
    });
    for (const headers of Object.values(await livingIdentities(world, stranger))) {
      const answer = await world.app.inject({
        method: method as 'POST',
        url: path,
        headers: { ...headers, 'idempotency-key': key },
        payload: body ?? {},
      });
      expect([401, 403, 404]).toContain(answer.statusCode);
      expect(answer.payload).not.toContain(mark);
    }
    expect(said(owner)).toEqual(before);
  });
});

describe('a cursor that another user was given', () => {
  it('shows no chat of theirs', async () => {
    const given = await get('/api/v1/chats?limit=1', await tokenOf(owner));
    const cursor = given.json<{ next_cursor: string }>().next_cursor;
    expect(given.payload).toContain(mark);
    const answer = await get(`/api/v1/chats?cursor=${cursor}`, await tokenOf(stranger));
    expect(answer.statusCode).toBe(200);
    expect(answer.payload).not.toContain(mark);
  });

  it('shows no message of theirs', async () => {
    const headers = await tokenOf(owner);
    const given = await get(`/api/v1/chats/${theirs.chat.uuid}/messages?limit=1`, headers);
    const { older_cursor, newer_cursor } = given.json<{ older_cursor: string; newer_cursor: string }>();
    for (const cursor of [older_cursor, newer_cursor]) {
      const answer = await get(
        `/api/v1/chats/${own.chat.uuid}/messages?cursor=${cursor}`,
        await tokenOf(stranger),
      );
      expect(answer.statusCode).toBe(200);
      expect(answer.payload).not.toContain(mark);
    }
  });
});

describe('the feed', () => {
  let url = '';
  beforeAll(async () => {
    url = await world.app.listen({ host: '127.0.0.1', port: 0 });
  });

  it.each(['0', '1', undefined])('tells nothing of another user, from position %s on', async (position) => {
    const abort = new AbortController();
    const after = position === undefined ? {} : { 'last-event-id': position };
    const feed = await fetch(`${url}/api/v1/events`, {
      headers: { ...(await tokenOf(stranger)), ...after },
      signal: abort.signal,
    });
    expect(feed.status).toBe(200);
    const theirActor = await world.actorOf(owner);
    await world.core.chats.type(theirActor, theirs.chat.uuid as ChatUuid, true);
    await world.core.chats.update(theirActor, theirs.chat.uuid as ChatUuid, { title: `${mark} again` });
    await world.newThings(owner, `${mark}-3`);
    const last = crypto.randomUUID();
    await world.newThings(stranger, last);
    let text = '';
    for await (const chunk of feed.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      // The end of the reply to the last message.
      if (text.includes(`the answer to text-${last}`)) break;
    }
    abort.abort();
    expect(text).toContain(last);
    expect(text).not.toContain(mark);
  });
});
