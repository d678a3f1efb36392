import type { ChatId } from '../../src/core/chats/chat.ts';
import type { IdempotencyRecord, Tables } from '../../src/core/store.ts';
import type { Day } from '../../src/core/usage/utc-day.ts';
import { openStorage, type Storage } from '../../src/storage/open-storage.ts';
import {
  addChanges,
  addChat,
  addMessage,
  addReply,
  addSession,
  addUser,
  complete,
  node,
  noon,
} from './rows.ts';

const day = '2026-03-01' as Day;
const awkward = [
  '',
  ' ',
  'trailing  ',
  'it\'s \\ "quoted"\r\n\t',
  'e\u0301 é ﬁ ß İ',
  '你好 👩‍👩‍👧 \u{10FFFF}',
  '%_`;--',
];

/** Something of every table, more than a page of one with a key of two columns, and gaps at the end of ids. */
export const fillEveryTable = (store: Storage): Promise<{ goneChat: ChatId }> =>
  store.transaction(async (tables: Tables) => {
    const [ada, bob] = [await addUser(tables, { firstName: 'Ada é' }), await addUser(tables)];
    await addSession(tables, ada);
    await tables.nodes.insert(node, noon);
    const chat = await addChat(tables, ada);
    const messages = [];
    for (const text of awkward) messages.push(await addMessage(tables, chat, { text }));
    const { reply } = await addReply(tables, chat);
    await tables.replies.append([{ replyId: reply.id, start: 0, text: 'so far 👍' }]);
    const ended = await addReply(tables, chat);
    await tables.replies.end(ended.reply.id, complete);
    const record: IdempotencyRecord = {
      contentHash: 'hash',
      messageId: messages[0]?.id ?? ended.answer.id,
      replyId: null,
    };
    for (const key of ['b', 'B', 'b ', 'ä'])
      await tables.idempotencyKeys.insert(ada.id, key, { ...record, at: noon });
    for (const model of ['', 'a', 'A']) {
      const sum = { day, provider: 'openai', model, replies: 1, promptTokens: 2 ** 40, completionTokens: 1 };
      await tables.usage.add(ada.id, { ...sum, durationMs: 5 });
    }
    await tables.usage.take(bob.id, day, {
      amount: { tokens: 7, replies: 1 },
      limits: { tokens: null, replies: null },
    });
    await tables.usage.hold({ uuid: crypto.randomUUID(), nodeId: node, userId: bob.id, day, tokens: 7 });
    await tables.attachments.insert({
      uuid: crypto.randomUUID() as never,
      userId: ada.id,
      name: 'naïve.png',
      mediaType: 'image/png',
      sizeBytes: 5_000_000_000,
      sha256: 'abc',
      width: 2,
      height: null,
      at: noon,
    });
    for (const [user, count] of [
      [ada, 700],
      [bob, 1_300],
    ] as const)
      await addChanges(
        tables,
        user,
        Array.from({ length: count }, () => ({ type: 'chat-created', chat }) as const),
      );
    await tables.search.begin(ada.id, { position: 0, built: null }, noon);
    await tables.search.apply(
      ada.id,
      ['hello', '你好', '👍'].map((term) => ({ kind: 'message', term, add: [1, 2, 3], remove: [] })),
    );
    await tables.messages.bury((await addMessage(tables, chat, { text: awkward.join() })).id, noon);
    const last = await addChat(tables, ada);
    await tables.chats.delete(last.id);
    return { goneChat: last.id };
  });

/** The next id that the chats of a database get. */
export const nextChat = async (url: string) => {
  const store = await openStorage({ url, poolSize: 2 });
  const chat = await addChat(store, await addUser(store));
  await store.close();
  return chat.id;
};
