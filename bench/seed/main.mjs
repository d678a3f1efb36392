// node bench/seed/main.mjs <folder> '{"usernames":[...],"chatsEach":200,"messagesEach":500}'
// Fills the database of a server that does not run, through the tables that the server itself uses.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openStorage } from '../../dist/storage/open-storage.js';

const [folder = '.', plan = '{}'] = process.argv.slice(2);
const { usernames, chatsEach, messagesEach } = JSON.parse(plan);
const silent = () => {
  // What storage has to say here, it throws.
};
const log = { debug: silent, info: silent, warn: silent, error: silent };
const store = await openStorage({ url: join(folder, 'parlance.db'), log, clock: () => new Date() });
const question = 'What is the difference between a process and a thread, and when should I prefer which?';
const answer = `${question} A process has memory of its own; threads share theirs. `.repeat(2);
const firstAt = Date.now() - 30 * 86_400_000;
const claim = { nodeId: randomUUID(), provider: 'basic', model: 'basic', startedAt: new Date(firstAt) };
const usage = { promptTokens: 10, completionTokens: 20, estimated: false };

/** One chat in one transaction. */
const fillChat = (userId, number) =>
  store.transaction(async ({ chats, messages, replies }) => {
    let at = new Date(firstAt + number * 1_000);
    const chat = await chats.insert({ uuid: uuid(at), userId, title: `Chat ${number}`, titled: true, at });
    const place = { chatId: chat.id, chatUuid: chat.uuid, userId, imageUrl: null, state: 'complete' };
    let parentId = null;
    for (let count = 0; count < messagesEach; count += 2) {
      at = new Date(firstAt + number * 1_000 + count);
      const asked = await messages.insert({
        ...place,
        uuid: uuid(at),
        parentId,
        role: 'user',
        text: question,
        at,
      });
      const said = await messages.insert({
        ...place,
        uuid: uuid(at),
        parentId: asked.id,
        role: 'assistant',
        text: answer,
        at,
      });
      const { chatId, chatUuid } = place;
      const reply = {
        uuid: uuid(at),
        chatId,
        chatUuid,
        userId,
        answersId: asked.id,
        messageId: said.id,
        claim,
        reservedTokens: null,
        at,
      };
      const { id } = await replies.insert(reply);
      const end = { nodeId: claim.nodeId, outcome: 'complete', errorCode: null, keepsMessage: true };
      await replies.end(id, { ...end, provider: 'basic', model: 'basic', usage, firstTextAt: null, at });
      parentId = said.id;
    }
    const last = { messageCount: messagesEach, lastMessageAt: at, lastMessageText: answer.slice(0, 200) };
    await chats.update(chat.id, { ...last, updatedAt: at });
  });

/** Grows with time, as the server's own do. */
const uuid = (at) => {
  const time = at.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
};

const userIds = [];
for (const username of usernames) userIds.push((await store.users.findByLogin(username)).user.id);
for (let number = 0; number < chatsEach; number += 1)
  for (const userId of userIds) await fillChat(userId, number * userIds.length + userIds.indexOf(userId));
await store.close();
console.log('seeded');
process.stdin.resume().once('end', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
