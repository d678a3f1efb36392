import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const secret = 'the secret of a server that is only measured';

/** @typedef {{ token: string, cookie: string, chatId: number, chatUuid: string }} Person with logins by token and by cookie, and a chat */

/**
 * A new data folder, or a new database with one, in which there are users who are signed in already. The environment is that of the
 * servers on it.
 * @param {import('../processes/context.mjs').Context} context @param {number} count @param {Record<string, string>} [given]
 * @returns {Promise<{ dataDir: string, env: Record<string, string>, people: Person[] }>}
 */
export async function seedPeople(context, count, given = {}) {
  const env = { ...given, JWT_SECRET_KEY: secret };
  const { dataDir, stop } = await context.startParlance({ env });
  await stop();
  const url = env['DATABASE_URL'] ?? join(dataDir, 'parlance.db');
  const file = join(dataDir, 'people.json');
  const args = [url, String(count), secret, file];
  const seeding = await context.start('bench/seed-people/main.mjs', args, /seeded/);
  await seeding.stop();
  return { dataDir, env, people: JSON.parse(readFileSync(file, 'utf8')) };
}

/**
 * A server with users who are signed in already.
 * @param {import('../processes/context.mjs').Context} context @param {number} count @param {Record<string, string>} [env]
 * @returns {Promise<{ server: any, people: Person[] }>}
 */
export async function startWithPeople(context, count, env = {}) {
  const { people, ...place } = await seedPeople(context, count, env);
  return { server: await context.startParlance(place), people };
}
