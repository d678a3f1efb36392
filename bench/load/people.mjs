import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const secret = 'the secret of a server that is only measured';

/**
 * A server with users who are signed in already.
 * @typedef {{ token: string, cookie: string, chatId: number, chatUuid: string }} Person with logins by token and by cookie, and a chat
 * @param {import('../processes/context.mjs').Context} context @param {number} count @param {Record<string, string>} [env]
 * @returns {Promise<{ server: any, people: Person[] }>}
 */
export async function startWithPeople(context, count, env = {}) {
  const { dataDir, stop } = await context.startParlance();
  await stop();
  const seeding = await context.start(
    'bench/seed-people/main.mjs',
    [dataDir, String(count), secret],
    /seeded/,
  );
  await seeding.stop();
  const server = await context.startParlance({ dataDir, env: { ...env, JWT_SECRET_KEY: secret } });
  return { server, people: JSON.parse(readFileSync(join(dataDir, 'people.json'), 'utf8')) };
}
