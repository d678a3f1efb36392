// node bench/seed-people/main.mjs <database> <count> <secret of tokens> <file>
// Writes users into the database of a server that does not run, each with a login by token, one by cookie, and a chat; who they are
// stands in the file. To register a thousand over HTTP would take a minute of hashing passwords, which nobody measures here.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { SignJWT } from 'jose';
import { openStorage } from '../../dist/storage/open-storage.js';

const [url = '', count = '1', secret = '', file = 'people.json'] = process.argv.slice(2);
const silent = () => {
  // What storage has to say here, it throws.
};
const log = { debug: silent, info: silent, warn: silent, error: silent };
const store = await openStorage({ url, log, clock: () => new Date() });
const key = new TextEncoder().encode(secret);
const lifetimeMs = 86_400_000;
const at = new Date();

/** Grows with time, as the server's own do. */
const uuid = () => {
  const time = at.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
};

const tokenOf = ({ uuid: session, expiresAt }) =>
  new SignJWT({ sid: session, gen: 0 })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .setIssuer('parlance')
    .setAudience('parlance')
    .setIssuedAt(at)
    .setExpirationTime(expiresAt)
    .sign(key);

const made = await store.transaction(async ({ users, sessions, chats }) => {
  const people = [];
  for (let index = 0; index < Number(count); index += 1) {
    const username = `person${index}`;
    const email = `${username}@example.org`;
    const { id: userId } = await users.insert({
      uuid: uuid(),
      username,
      usernameKey: username,
      email,
      emailKey: email,
      firstName: null,
      passwordHash: 'nobody signs in',
      role: 'user',
      at,
    });
    const session = { userId, at, lifetimeMs };
    const access = await sessions.insert({ ...session, uuid: uuid(), kind: 'access', secretHash: null });
    const cookie = randomBytes(32).toString('base64url');
    const secretHash = createHash('sha256').update(cookie).digest('hex');
    await sessions.insert({ ...session, uuid: uuid(), kind: 'cookie', secretHash });
    const chat = await chats.insert({ uuid: uuid(), userId, title: 'Chat', titled: true, at });
    people.push({ access, cookie: `session=${cookie}`, chatId: chat.id, chatUuid: chat.uuid });
  }
  return people;
});
await store.close();
const people = [];
for (const { access, ...person } of made) people.push({ ...person, token: await tokenOf(access) });
writeFileSync(file, JSON.stringify(people));
console.log('seeded');
process.stdin.resume().once('end', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
