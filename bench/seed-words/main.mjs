// node bench/seed-words/main.mjs <folder> '{"username":"user0","chats":2000,"messagesEach":500}'
// Fills the database of a server that does not run with messages of one user in words of a language, and indexes them as the server does.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { indexUser } from '../../dist/core/search/index-user.js';
import { openStorage } from '../../dist/storage/open-storage.js';
import { randomFrom, textOf } from './words.mjs';

const [folder = '.', plan = '{}'] = process.argv.slice(2);
const { username, chats: chatCount, messagesEach } = JSON.parse(plan);
const silent = () => {
  // What storage has to say here, it throws.
};
const log = { debug: silent, info: silent, warn: silent, error: silent };
const clock = () => new Date();
const store = await openStorage({ url: `sqlite:${join(folder, 'parlance.db')}`, log, clock });
const random = randomFrom(1);
const firstAt = Date.now() - 30 * 86_400_000;

/** Grows with time, as the server's own do. */
const uuid = (at) => {
  const time = at.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
};

const userId = (await store.users.findByLogin(username)).user.id;
let count = 0;
for (let number = 0; number < chatCount; number += 1)
  await store.transaction(async ({ chats, messages }) => {
    const at = new Date(firstAt + number * 1_000);
    const title = textOf(random, 4);
    const chat = await chats.insert({ uuid: uuid(at), userId, title, titled: true, at });
    const place = { chatId: chat.id, chatUuid: chat.uuid, userId, imageUrl: null, state: 'complete', at };
    let parentId = null;
    for (let index = 0; index < messagesEach; index += 1) {
      count += 1;
      // Two words that are in half of all messages each, and never in the same.
      const side = count % 2 === 0 ? 'evenside' : 'oddside';
      const role = index % 2 === 0 ? 'user' : 'assistant';
      const text = `${side} ${textOf(random, role === 'user' ? 8 : 24)}`;
      ({ id: parentId } = await messages.insert({ ...place, uuid: uuid(at), parentId, role, text }));
    }
    await chats.update(chat.id, { messageCount: messagesEach, lastMessageAt: at, updatedAt: at });
  });
const seededAt = performance.now();
await indexUser({ store, clock }, userId);
const seconds = (performance.now() - seededAt) / 1_000;
await store.close();
console.log(`indexed in ${seconds.toFixed(3)} s`);
process.stdin.resume().once('end', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
