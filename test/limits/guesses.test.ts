import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DomainError } from '../../src/core/errors.ts';
import { cheapPasswords } from '../support/cheap-passwords.ts';
import { type LimitedApp, minuteMs, openLimitedApp } from './limited-app.ts';
import { api, newPerson, type Person, tongues } from './tongues.ts';

const hourMs = 60 * minuteMs;
const home = '192.0.2.10';
const strange = (number: number) => `203.0.113.${number}`;

let limited: LimitedApp;
let isBusy = false;
const passwords = cheapPasswords();
const verify: typeof passwords.verify = async (...input) => {
  if (isBusy) throw new DomainError('server-busy', { retryAfterSeconds: 1 });
  return passwords.verify(...input);
};
beforeAll(async () => {
  limited = await openLimitedApp({
    guesses: { most: 100, windowMs: hourMs },
    passwords: { ...passwords, verify },
  });
});
afterAll(() => limited.close());

describe.each(tongues)('guessing through $name', ({ register, signIn, refusal }) => {
  const guess = async (person: Person, remoteAddress: string) =>
    (await limited.app.inject({ ...signIn({ ...person, password: 'Wrong-horse-8' }), remoteAddress }))
      .statusCode;
  const enter = (person: Person, remoteAddress: string) =>
    limited.app.inject({ ...signIn(person), remoteAddress });
  const newcomer = async (): Promise<Person> => {
    const person = newPerson();
    const answer = await limited.app.inject({ ...register(person), remoteAddress: home });
    expect(answer.statusCode).toBeLessThan(300);
    return person;
  };

  it('ends long before the hundredth, and the owner comes in from home', async () => {
    const owner = await newcomer();
    const statuses = [];
    for (let tried = 0; tried < 30; tried += 1) statuses.push(await guess(owner, strange(1)));
    expect(statuses).toEqual([...Array<number>(10).fill(401), ...Array<number>(20).fill(429)]);
    const refused = await enter(owner, strange(1));
    expect([refused.statusCode, refused.json()]).toEqual([429, refusal]);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await enter(owner, home)).statusCode).toBe(200);
  });
});

const { register, signIn } = api;
/** Signs in by the name that stands as the username. */
const ask = (person: Person, remoteAddress: string) =>
  limited.app.inject({ ...signIn(person), remoteAddress });
const wrong = (person: Person) => ({ ...person, password: 'Wrong-horse-8' });

describe('guessing from many addresses', () => {
  it('ends too, and the owner comes in from home', async () => {
    const owner = newPerson();
    await limited.app.inject({ ...register(owner), remoteAddress: home });
    let looked = 0;
    for (let address = 1; address <= 20; address += 1)
      for (let tried = 0; tried < 12; tried += 1)
        if ((await ask(wrong(owner), strange(address))).statusCode === 401) looked += 1;
    expect(looked).toBe(30);
    expect((await ask(owner, '198.51.100.77')).statusCode).toBe(429);
    expect((await ask(owner, home)).statusCode).toBe(200);
    limited.pass(hourMs);
    expect((await ask(owner, '198.51.100.77')).statusCode).toBe(200);
  });

  it('ends at a hundred for username and email together, from addresses that are known as well', async () => {
    const owner = newPerson();
    await limited.app.inject({ ...register(owner), remoteAddress: home });
    for (let known = 11; known <= 14; known += 1) await ask(owner, `192.0.2.${known}`);
    let looked = 0;
    const callers = [10, 11, 12, 13, 14].map((host) => `192.0.2.${host}`);
    for (const address of [...callers, ...[1, 2, 3, 4, 5].map(strange)])
      for (const login of [owner.username, owner.email])
        for (let tried = 0; tried < 12; tried += 1)
          if ((await ask(wrong({ ...owner, username: login }), address)).statusCode === 401) looked += 1;
    expect(looked).toBe(100);
  });
});

describe('who once had a name', () => {
  it('is a stranger to its next owner, and uses up nothing of theirs', async () => {
    const { app, close } = await openLimitedApp({ guesses: { most: 10, windowMs: hourMs } });
    const owner = newPerson();
    const former = { ...owner, email: newPerson().email, password: 'Former-horse-6' };
    const send = (person: Person, remoteAddress: string) => app.inject({ ...signIn(person), remoteAddress });
    await app.inject({ ...register(former), remoteAddress: strange(9) });
    // They may use up what known callers have while the name is still theirs, too.
    expect((await send(wrong(former), strange(9))).statusCode).toBe(401);
    const { access_token: token } = (await send(former, home)).json<{ access_token: string }>();
    const renamed = await app.inject({
      method: 'PATCH',
      url: '/api/v1/me',
      headers: { authorization: `Bearer ${token}` },
      payload: { username: newPerson().username },
    });
    expect(renamed.statusCode).toBe(200);
    await app.inject({ ...register(owner), remoteAddress: '192.0.2.44' });
    for (const from of [strange(9), home]) await send(wrong(owner), from);
    expect((await send(owner, '192.0.2.44')).statusCode).toBe(200);
    await close();
  });
});

describe('a right password', () => {
  it('forgives what came before it', async () => {
    const owner = newPerson();
    await limited.app.inject({ ...register(owner), remoteAddress: home });
    for (let round = 0; round < 8; round += 1) {
      for (let tried = 0; tried < 9; tried += 1)
        expect((await ask(wrong(owner), strange(5))).statusCode).toBe(401);
      expect((await ask(owner, strange(5))).statusCode).toBe(200);
    }
  });
});

describe('a caller who waits', () => {
  it('gets one more try, and waits twice as long for the next', async () => {
    const owner = newPerson();
    await limited.app.inject({ ...register(owner), remoteAddress: home });
    for (let tried = 0; tried < 10; tried += 1) await ask(wrong(owner), strange(6));
    for (const seconds of [1, 2, 4, 8]) {
      const refused = await ask(wrong(owner), strange(6));
      expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, String(seconds)]);
      limited.pass(seconds * 1_000);
      expect((await ask(wrong(owner), strange(6))).statusCode).toBe(401);
    }
    limited.pass(16_000);
    expect((await ask(owner, strange(6))).statusCode).toBe(200);
  });
});

describe('guesses that come at once', () => {
  it('count before they are looked at', async () => {
    const owner = newPerson();
    await limited.app.inject({ ...register(owner), remoteAddress: home });
    const answers = await Promise.all(Array.from({ length: 60 }, () => ask(wrong(owner), strange(7))));
    const looked = answers.filter(({ statusCode }) => statusCode === 401);
    expect(looked).toHaveLength(10);
  });
});

describe('a name that nobody has', () => {
  it('is refused after as many guesses, in the same words', async () => {
    const owner = newPerson();
    await limited.app.inject({ ...register(owner), remoteAddress: home });
    const tell = async (person: Person) => {
      const told = [];
      for (let tried = 0; tried < 14; tried += 1) {
        const { statusCode, headers, body } = await ask(wrong(person), strange(8));
        told.push([statusCode, headers['retry-after'], body]);
      }
      return told;
    };
    const known = await tell(owner);
    expect(known.at(-1)?.[0]).toBe(429);
    expect(await tell(newPerson())).toEqual(known);
  });
});

/** A new user's changes to the password that they have, through two APIs. */
const newChanges = async () => {
  const owner = newPerson();
  await limited.app.inject({ ...register(owner), remoteAddress: home });
  const { access_token: token } = (await ask(owner, home)).json<{ access_token: string }>();
  const headers = { authorization: `Bearer ${token}` };
  const { password } = owner;
  const payload = { current_password: password, new_password: password };
  return {
    proved: () => limited.app.inject({ method: 'POST', url: '/api/v1/me/password', headers, payload }),
    plain: () => limited.app.inject({ method: 'PUT', url: '/auth/profile', headers, payload: { password } }),
  };
};

describe('changing the password over and over', () => {
  it.each(['proved', 'plain'] as const)('is refused from the sixth in a minute on (%s)', async (way) => {
    const changes = await newChanges();
    const statuses = [];
    for (let tried = 0; tried < 7; tried += 1) statuses.push((await changes[way]()).statusCode);
    expect(statuses).toEqual([...Array<number>(5).fill(way === 'proved' ? 204 : 200), 429, 429]);
    limited.pass(20_000);
    expect((await changes.proved()).headers['retry-after']).toBe('40');
    expect((await changes.plain()).statusCode).toBe(429);
    limited.pass(40_000);
    expect((await changes[way]()).statusCode).toBeLessThan(300);
  });

  it('counts before anything is hashed, where many come at once', async () => {
    const { plain } = await newChanges();
    const answers = await Promise.all(Array.from({ length: 20 }, plain));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(5);
    expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(15);
  });
});

describe('changing the password', () => {
  it('is no way to guess the present one', async () => {
    const owner = newPerson();
    await limited.app.inject({ ...register(owner), remoteAddress: home });
    const { access_token: token } = (await ask(owner, home)).json<{ access_token: string }>();
    const change = async (current: string) => {
      const payload = { current_password: current, new_password: 'Another-horse-9' };
      const headers = { authorization: `Bearer ${token}` };
      return (await limited.app.inject({ method: 'POST', url: '/api/v1/me/password', headers, payload }))
        .statusCode;
    };
    const statuses = [];
    for (let tried = 0; tried < 15; tried += 1) statuses.push(await change('Wrong-horse-8'));
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(await change(owner.password)).toBe(429);
    limited.pass(1_000);
    expect(await change(owner.password)).toBe(204);
  });

  it('takes back what a busy server did not look at', async () => {
    const { proved } = await newChanges();
    isBusy = true;
    const busy = [];
    for (let tried = 0; tried < 20; tried += 1) busy.push((await proved()).statusCode);
    isBusy = false;
    expect(busy).toEqual(Array<number>(20).fill(503));
    expect((await proved()).statusCode).toBe(204);
  });
});

describe('changing the name over and over', () => {
  it('is refused from the twenty-first in an hour on, and the rest of a profile is not', async () => {
    const owner = newPerson();
    await limited.app.inject({ ...register(owner), remoteAddress: home });
    const { access_token: token } = (await ask(owner, home)).json<{ access_token: string }>();
    const headers = { authorization: `Bearer ${token}` };
    const change = async (payload: object) =>
      (await limited.app.inject({ method: 'PATCH', url: '/api/v1/me', headers, payload })).statusCode;
    const other = newPerson();
    await limited.app.inject({ ...register(other), remoteAddress: home });
    // One that is taken counts, for it tells that somebody has it.
    for (let tried = 0; tried < 10; tried += 1) expect(await change({ username: other.username })).toBe(409);
    const [mine, last] = [newPerson(), newPerson()];
    for (let tried = 0; tried < 9; tried += 1)
      expect(await change({ username: `${mine.username}${tried}` })).toBe(200);
    expect(await change({ email: last.email })).toBe(200);
    expect(await change({ username: last.username })).toBe(429);
    expect(await change({ username: other.username })).toBe(429);
    expect(await change({ username: `${mine.username}8`, email: last.email, first_name: 'Ada' })).toBe(200);
    limited.pass(hourMs);
    expect(await change({ username: last.username })).toBe(200);
  });
});
