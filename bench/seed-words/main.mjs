// node bench/seed-words/main.mjs <SQLite file> '{"username":"person0","chats":2000,"messagesEach":500}'
// Fills the database of a server that does not run with messages of one user in words of a language. The first chat and the first message
// are stored as the server stores them; the others are rows like these, which takes a tenth of the time.
import { randomUUID } from 'node:crypto';
import { loadDriver } from '../../dist/storage/engines/sqlite/driver.js';
import { openStorage } from '../../dist/storage/open-storage.js';
import { randomFrom, textOf } from './words.mjs';

const [file = '', plan = '{}'] = process.argv.slice(2);
const { username, chats: chatCount, messagesEach } = JSON.parse(plan);
const silent = () => {
  // What storage has to say here, it throws.
};
const log = { debug: silent, info: silent, warn: silent, error: silent };
const firstAt = Date.now() - 30 * 86_400_000;
const random = randomFrom(1);

/** Grows with time, as the server's own do. @param {number} at */
const uuid = (at) => {
  const time = at.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
};

/** The ids of a first chat and a first message. */
async function storeFirst() {
  const store = await openStorage({ url: file, log, clock: () => new Date() });
  const at = new Date(firstAt);
  const userId = (await store.users.findByLogin(username)).user.id;
  const ids = await store.transaction(async ({ chats, messages }) => {
    const chat = await chats.insert({ uuid: uuid(firstAt), userId, title: '-', titled: true, at });
    const place = { chatId: chat.id, chatUuid: chat.uuid, userId, imageUrl: null, parentId: null, at };
    const said = { role: 'user', text: '-', state: 'complete' };
    const message = await messages.insert({ ...place, ...said, uuid: uuid(firstAt) });
    return { chatId: chat.id, messageId: message.id };
  });
  await store.close();
  return ids;
}

const { chatId: firstChat, messageId: firstMessage } = await storeFirst();
const { DatabaseSync } = loadDriver();
const database = new DatabaseSync(file, { timeout: 100 });
database.exec('pragma synchronous = off');

/** Writes rows that are like one that is there. @param {string} table @param {number} id */
function likeRow(table, id) {
  const model = /** @type {Record<string, any>} */ (
    database.prepare(`select * from ${table} where id = ?`).get(id)
  );
  const columns = Object.keys(model);
  const insert = database.prepare(
    `insert or replace into ${table} (${columns.join()}) values (${columns.map(() => '?').join()})`,
  );
  return (changes) => {
    const row = { ...model, ...changes };
    insert.run(...columns.map((column) => row[column]));
  };
}

const writeChat = likeRow('chats', firstChat);
const writeMessage = likeRow('messages', firstMessage);
let id = firstMessage;
let count = 0;
for (let number = 0; number < chatCount; number += 1) {
  database.exec('begin');
  const at = firstAt + number * 1_000;
  const chat = { id: firstChat + number, uuid: uuid(at) };
  const times = { created_at: at, updated_at: at };
  writeChat({
    ...chat,
    ...times,
    title: textOf(random, 4),
    message_count: messagesEach,
    last_message_at: at,
  });
  let parent = null;
  for (let index = 0; index < messagesEach; index += 1) {
    count += 1;
    // Two words that are in half of all messages each, and never in the same.
    const side = count % 2 === 0 ? 'evenside' : 'oddside';
    const role = index % 2 === 0 ? 'user' : 'assistant';
    const text = `${side} ${textOf(random, role === 'user' ? 8 : 24)}`;
    const place = { id, uuid: uuid(at), chat_id: chat.id, chat_uuid: chat.uuid, parent_id: parent };
    writeMessage({ ...place, ...times, role, text });
    parent = id++;
  }
  database.exec('commit');
}
database.close();
console.log('filled');
process.stdin.resume().once('end', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
