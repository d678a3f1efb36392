import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { User } from '../../src/core/users/user.ts';
import { attempt, type Attempt, attempts, canonical, ownAttempt, pathForms } from './attempts.ts';
import { type Headers, livingIdentities, refreshAsAccess, worthlessIdentities } from './identities.ts';
import { plainRoute, type RouteEntry } from './route-table.ts';
import { tables } from './tables.ts';
import { openWorld, type Things, type World } from './world.ts';

const entries = Object.values(tables).flatMap((table) => Object.entries(table));
const [objects, others] = [
  entries.filter(([, entry]) => hasId(entry)),
  entries.filter(([, entry]) => !hasId(entry)),
];
const counted = (names: readonly string[]) => names.toSorted();

const mark = 'ownmark';
let world: World;
let owner: User;
let theirs: Things;
let stranger: User;
let own: Things;
let worthless: Record<string, Headers>;
let secrets: string[];
let requests = 0;

// Nearly every request is refused: where each of the errors was made would cost more than the refusals.
const { stackTraceLimit } = Error;
beforeAll(async () => {
  Error.stackTraceLimit = 0;
  world = await openWorld();
  owner = await world.newUser(mark);
  stranger = await world.newUser('stranger');
  // So that no id of one is an id of the other.
  await world.newThings(stranger, 'first');
  theirs = await world.newThings(owner, `${mark}-hold`);
  const finished = await world.newThings(owner, `${mark}-2`);
  own = await world.newThings(stranger, 'second');
  worthless = await worthlessIdentities(world, owner);
  const uuids = [theirs, finished].flatMap((things) => Object.values(things).map(({ uuid }) => uuid));
  secrets = [mark, '$argon2', ...uuids];
});
afterAll(async () => {
  Error.stackTraceLimit = stackTraceLimit;
  console.log(`isolation: ${requests} requests to ${entries.length} routes`);
  await world.close();
});

describe('the table', () => {
  it('has every route that is served, and no other', () => {
    const documentation = /^GET \/docs(\/|$)/;
    const live = world.routes.map(plainRoute).filter((route) => !documentation.test(route));
    expect(counted(entries.map(([route]) => route))).toEqual(counted(live));
  });

  it('names every parameter', () => {
    for (const [route, { path = {} }] of entries) {
      const parameters = [...route.matchAll(/:(\w+)/g)].map(([, name]) => name);
      expect([route, Object.keys(path)]).toEqual([route, parameters]);
    }
  });

  it('every route says who may call it', () => {
    const silent = world.routes.filter(
      ({ access }) => !['open', 'optional', 'user'].includes(String(access)),
    );
    expect(silent).toEqual([]);
  });

  it('every route with an id is for those who are signed in', () => {
    const open = world.routes.filter(({ url, access }) => url.includes(':') && access !== 'user');
    expect(open).toEqual([]);
  });
});

/** Asks, and looks at the answer for what is the owner's. */
async function ask(headers: Headers, { method, path, body }: Attempt): Promise<number> {
  requests += 1;
  const answer = await world.app.inject({
    method: method as 'GET',
    url: path,
    headers,
    ...(body === undefined ? {} : { payload: body }),
  });
  const said = JSON.stringify(answer.headers) + answer.payload;
  const told = secrets.filter((secret) => said.includes(secret));
  const asked = told.length === 0 ? '' : wordsOf({ path, body });
  const leaked = told.filter((secret) => !asked.includes(secret));
  if (leaked.length > 0 || answer.statusCode >= 500) {
    const what = leaked.length > 0 ? `tells ${leaked.join(', ')}` : 'fails';
    throw new Error(`${method} ${path} ${JSON.stringify(body)} ${what}: ${answer.statusCode} ${said}`);
  }
  return answer.statusCode;
}

const wordsOf = ({ path, body = {} }: Pick<Attempt, 'path' | 'body'>) =>
  (path + unescaped(path) + JSON.stringify(body)).toLowerCase();

function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A broken escape means what it is.
    return path;
  }
}

/** Nothing of the owner has changed, and nobody was let in. */
async function expectUntouched(work: () => Promise<string[]>): Promise<void> {
  const before = world.rowsOf(owner);
  expect(before.join()).toContain(`title-${mark}`);
  expect(await work()).toEqual([]);
  expect(world.rowsOf(owner)).toEqual(before);
}

/** Two APIs may have the same route, for different callers. */
const needsLogin = (route: string) =>
  world.routes.filter((one) => plainRoute(one) === route).every(({ access }) => access === 'user');
const isRefusal = (status: number) => status >= 400 && status < 500;

describe.each(objects)('%s', (route, entry) => {
  /** Who calls it for things of their own. */
  let self: User;
  let things: Things;
  let identities: Headers[];
  beforeAll(async () => {
    self = await world.newUser(`self-${objects.findIndex(([other]) => other === route)}`);
    things = await world.newThings(self, 'mine');
    identities = Object.values(await livingIdentities(world, self));
  });

  it('an id has one spelling', async () => {
    const before = world.rowsOf(self).filter(isNoLogin);
    const taken: string[] = [];
    for (const [name, slot] of Object.entries(entry.path ?? {})) {
      const others = Object.fromEntries(
        Object.entries(entry.path ?? {}).map(([key, kind]) => [key, canonical(things, kind)]),
      );
      for (const form of pathForms(things, slot)) {
        if (namesIt(form, canonical(things, slot))) continue;
        for (const headers of identities) {
          const path = { ...others, [name]: form };
          const status = await ask(headers, attempt(route, entry, { path }));
          if (!isRefusal(status)) taken.push(`${form} is ${status}`);
        }
      }
    }
    expect(taken).toEqual([]);
    expect(world.rowsOf(self).filter(isNoLogin)).toEqual(before);
  });

  it('works for whoever owns the things', async () => {
    const statuses: number[] = [];
    for (const headers of identities) {
      const status = await ask(headers, ownAttempt(route, entry, things));
      statuses.push(status);
      if (status === (entry.status ?? 200)) break;
    }
    expect(statuses).toContain(entry.status ?? 200);
  });

  it('lets nobody in who is not signed in', () =>
    expectUntouched(async () => {
      const letIn: string[] = [];
      const reaching = attempts(route, entry, { owner: theirs, own }).filter(({ reaches }) => reaches);
      for (const [who, headers] of Object.entries(worthless)) {
        for (const one of reaching) {
          const status = await ask(headers, one);
          if (!isRefusal(status)) letIn.push(`${who}: ${one.method} ${one.path} is ${status}`);
        }
      }
      return letIn;
    }));

  it('lets nobody at what is another’s', () =>
    expectUntouched(async () => {
      const letIn: string[] = [];
      for (const [who, headers] of Object.entries(await livingIdentities(world, stranger))) {
        for (const one of attempts(route, entry, { owner: theirs, own })) {
          const status = await ask(headers, one);
          if (one.reaches && !isRefusal(status)) letIn.push(`${who}: ${one.method} ${one.path} is ${status}`);
        }
      }
      return letIn;
    }));
});

describe.each(others)('%s', (route, entry) => {
  it('shows and changes nothing of another’s, whoever asks', () =>
    expectUntouched(async () => {
      const letIn: string[] = [];
      const statuses: number[] = [];
      const one = attempt(route, entry, {});
      for (const [who, headers] of Object.entries(worthless)) {
        if (entry.takesRefreshToken && who === refreshAsAccess) continue;
        const status = await ask(headers, one);
        statuses.push(status);
        if (needsLogin(route) && !isRefusal(status)) letIn.push(`${who}: ${route} is ${status}`);
      }
      if (entry.endless) return letIn;
      const user = entry.removesAccount ? await world.newUser('leaving') : stranger;
      for (const headers of Object.values(await livingIdentities(world, user))) {
        statuses.push(await ask(headers, one));
      }
      if (!statuses.includes(entry.status ?? 200)) letIn.push(`${route} answers ${statuses.join()}`);
      return letIn;
    }));
});

/** Whether a form is the id itself, as a URL may spell it; of a UUID's letters the case does not count. */
const namesIt = (form: string, id: string) =>
  [form, unescaped(form)].includes(id) || form.toLowerCase() === id;

/** Logins change by being used. */
const isNoLogin = (row: string) => !row.startsWith('sessions ');

function hasId({ path, named }: RouteEntry): boolean {
  return path !== undefined || named !== undefined;
}
