import { beforeEach, expect, test } from 'vitest';
import type { Chat } from '../../src/core/chats/chat.ts';
import type { Message } from '../../src/core/messages/message.ts';
import { indexUser } from '../../src/core/search/index-user.ts';
import { search as findText, type SearchInput } from '../../src/core/search/search.ts';
import type { SearchCursor } from '../../src/core/search/search-cursor.ts';
import type { SessionId } from '../../src/core/sessions/session.ts';
import type { User } from '../../src/core/users/user.ts';
import { describeEachEngine } from './each-engine.ts';
import { addChanges, addChat, addMessage, addUser, minutes, noon } from './rows.ts';

const clock = () => noon;

/** Texts in many scripts, and which of them a query finds, by their numbers. */
const texts = [
  'The Crème BRÛLÉE was served in the Straße', // 0
  'creme brulee, strasse; served twice', // 1
  'İstanbul, ISTANBUL and ısparta', // 2
  'Łódź and Ødegård, æther', // 3
  '我爱北京天安门,手机和iPhone手机', // 4
  '北方的京城', // 5
  '東京タワーで ｶﾞﾗｽ を見た', // 6
  '한국어를 배우고 싶어요', // 7
  'สวัสดีครับ ผมชื่อสมชาย', // 8
  'שָׁלוֹם עולם', // 9
  'مُحَمَّد يكتب الرسالة', // 10
  'हिन्दी में लिखा', // 11
  'Ёлка и ОДОС: ΟΔΌΣ', // 12
  'party 🎉 for the family 👨‍👩‍👧 and 👍🏽', // 13
  'call get_user_name(userId) on v2.14.3 at 10:45', // 14
  'getUserName lives in src/core/users.ts', // 15
  `a word that is ${'very'.repeat(60)}long`, // 16
  'x'.repeat(20), // 17
  'café'.normalize('NFD'), // 18
  'ＦＵＬＬ width １２３', // 19
  '다람쥐 헌 쳇바퀴'.normalize('NFD'), // 20
  'e‑mail to ada@example.org, soft\u00adware', // 21
  `${'filler '.repeat(3_000)}needle`, // 22
  '%_\\ and \' or "1"="1" -- ;drop', // 23
];

const queries: readonly [string, number[]][] = [
  ['creme', [0, 1]],
  ['CRÈME brûlée', [0, 1]],
  ['"served in"', [0]],
  ['"served twice"', [1]],
  ['“served in”', [0]],
  ['served creme twice', [1]],
  ['straße', [0, 1]],
  ['STRASSE', [0, 1]],
  ['strasze', []],
  ['istanbul', [2]],
  ['Isparta', [2]],
  ['lodz', [3]],
  ['ØDEGARD aether', [3]],
  ['北京', [4]],
  ['京', [4, 5, 6]],
  ['手机', [4]],
  ['iphone手机', [4]],
  ['天京', []],
  ['北 京', [4, 5]],
  ['タワー', [6]],
  ['ガラス', [6]],
  ['カラス', []],
  ['한국', [7]],
  ['국어를', [7]],
  ['สวัสดี', [8]],
  ['สมชาย', [8]],
  ['שלום', [9]],
  ['محمد', [10]],
  ['हिन्दी', [11]],
  ['हिन्दा', []],
  ['елка', [12]],
  ['οδος', [12]],
  ['🎉', [13]],
  ['👍', [13]],
  ['👧', [13]],
  ['get_user_name', [14]],
  ['user name', [14]],
  ['v2.14', [14]],
  ['14.3', [14]],
  ['v2.15', []],
  ['10:45', [14]],
  ['getusername', [15]],
  ['users.ts', [15]],
  ['very'.repeat(40), [16]],
  ['very', []],
  ['x'.repeat(19), []],
  ['Café', [18]],
  ['full 123', [19]],
  ['다람쥐', [20]],
  ['ada@example.org', [21]],
  ['software', [21]],
  ['needle', [22]],
  ['filler needle', [22]],
  ['% _ drop', [23]],
  ["' or 1", [23]],
  ['the', [0, 13]],
  ['the served the', [0]],
  ['constructor', []],
];

describeEachEngine('search', (fresh) => {
  let owner: User;
  let chat: Chat;
  beforeEach(async () => {
    owner = await addUser(fresh.store);
    chat = await addChat(fresh.store, owner);
  });

  const add = async (text: string, more: Parameters<typeof addMessage>[2] = {}): Promise<Message> => {
    const message = await addMessage(fresh.store, chat, { text, ...more });
    await addChanges(fresh.store, owner, [{ type: 'message-created', message }]);
    return message;
  };
  const index = () => indexUser({ store: fresh.store, clock }, owner.id);
  const search = (user: User, input: SearchInput) =>
    findText(
      { store: fresh.store, indexer: { wake: () => undefined } },
      { userId: user.id, sessionId: 1 as SessionId },
      input,
    );
  const find = (text: string, after: SearchCursor | null = null, limit = 100) =>
    search(owner, { text, after, limit });
  const found = async (text: string, user = owner) => {
    const { hits } = await search(user, { text, after: null, limit: 100 });
    return hits.map(({ message, chat }) => message?.uuid ?? chat.uuid);
  };

  test('finds words in every script, whether or not the index has them', async () => {
    const uuids: string[] = [];
    for (const text of texts) uuids.push((await add(text)).uuid);
    const verdicts = async () => {
      const verdicts = [];
      for (const [query] of queries)
        verdicts.push([
          query,
          (await found(query)).map((uuid) => uuids.indexOf(uuid)).toSorted((a, b) => a - b),
        ]);
      return verdicts;
    };
    const expected = queries.map(([query, numbers]) => [query, numbers]);
    expect(await verdicts()).toEqual(expected);
    await index();
    expect(
      (await fresh.store.search.newest(owner.id, 'message', ['creme'])).get('creme')?.ids(),
    ).toHaveLength(2);
    expect(await verdicts()).toEqual(expected);
  });

  test('refuses what has no word', async () => {
    for (const text of ['', '   ', '!?', '""', '\u0301', '…—'])
      await expect(find(text)).rejects.toMatchObject({ code: 'search-empty' });
    await expect(find('\ud800')).rejects.toMatchObject({ code: 'text-not-unicode' });
    await expect(find('a'.repeat(201))).rejects.toMatchObject({ code: 'field-invalid' });
  });

  test('gives titles, then what stands side by side, then the newest; page after page', async () => {
    const apart = await add('alpha and beta');
    const side = await add('gamma alpha beta');
    const newest = await add('beta, then alpha');
    await fresh.store.chats.update(chat.id, { title: 'Alpha of Beta', titled: true });
    await addChanges(fresh.store, owner, [{ type: 'chat-updated', chat }]);
    const order = [chat.uuid, side.uuid, newest.uuid, apart.uuid];
    for (const round of ['from the feed', 'from the index']) {
      expect(await found('alpha beta'), round).toEqual(order);
      for (const limit of [1, 2, 3]) {
        const pages: string[] = [];
        for (let after: SearchCursor | null = null, page = 0; page === 0 || after; page += 1) {
          const { hits, next } = await find('alpha beta', after, limit);
          expect(hits.length).toBeLessThanOrEqual(limit);
          pages.push(...hits.map(({ message }) => message?.uuid ?? chat.uuid));
          after = next;
        }
        expect(pages, round).toEqual(order);
      }
      await index();
    }
  });

  test('gives only what its owner may see, and nothing that is gone', async () => {
    const other = await addUser(fresh.store);
    const shown = await add('secret word');
    const [edited, buried, left] = [
      await add('secret one'),
      await add('secret two'),
      await add('secret three'),
    ];
    const writing = await add('', { state: 'writing', role: 'assistant' });
    await index();
    await fresh.store.messages.update(edited.id, { text: 'open one', revision: 2, at: minutes(1) });
    await fresh.store.messages.bury(buried.id, minutes(1));
    await fresh.store.messages.setActivity([left.id], 'inactive');
    await fresh.store.messages.update(writing.id, { text: 'secret end', state: 'complete', at: minutes(1) });
    await addChanges(fresh.store, owner, [
      { type: 'message-updated', message: edited },
      { type: 'message-updated', message: writing },
    ]);
    for (let round = 0; round < 2; round += 1) {
      expect(await found('secret')).toEqual([writing.uuid, shown.uuid]);
      expect(await found('open')).toEqual([edited.uuid]);
      expect(await found('two')).toEqual([]);
      expect(await found('secret', other)).toEqual([]);
      await index();
    }
    expect(await fresh.store.search.newest(owner.id, 'message', ['two'])).toEqual(new Map());
    await fresh.store.messages.setActivity([left.id], 'active');
    expect(await found('three')).toEqual([left.uuid]);
  });

  test('lets go of the words of chats that are cleared, deleted or renamed', async () => {
    await add('remember this');
    await fresh.store.chats.update(chat.id, { title: 'Former title', titled: true });
    await addChanges(fresh.store, owner, [{ type: 'chat-updated', chat }]);
    await index();
    expect(await found('former')).toEqual([chat.uuid]);
    await fresh.store.messages.deleteAll(chat.id);
    await fresh.store.chats.update(chat.id, { title: 'Present title' });
    await addChanges(fresh.store, owner, [{ type: 'chat-cleared', chatId: chat.id, chatUuid: chat.uuid }]);
    expect(await found('remember')).toEqual([]);
    expect(await found('former')).toEqual([]);
    await index();
    const has = async (kind: 'chat' | 'message', term: string) =>
      (await fresh.store.search.newest(owner.id, kind, [term])).size > 0;
    expect([
      await has('message', 'remember'),
      await has('chat', 'former'),
      await has('chat', 'present'),
    ]).toEqual([false, false, true]);
    await fresh.store.chats.delete(chat.id);
    await index();
    expect(await has('chat', 'present')).toBe(false);
    expect(await fresh.store.search.formers(owner.id, 10)).toEqual([]);
  });

  test('reads what was there before there was an index, and goes on where it broke off', async () => {
    const old = [];
    for (let count = 0; count < 3; count += 1)
      old.push(await addMessage(fresh.store, chat, { text: `old ${count}` }));
    await fresh.store.search.begin(
      owner.id,
      { position: 0, built: { chatId: chat.id, messageId: old[0]?.id ?? 0 } },
      noon,
    );
    expect(await found('old')).toEqual([]);
    // What another process has written since is not written again.
    expect(await fresh.store.search.turn(owner.id, 1)).toBe(true);
    expect(await fresh.store.search.turn(owner.id, 1)).toBe(false);
    const young = await add('not so old');
    expect(await found('old')).toEqual([young.uuid]);
    await index();
    expect(await found('old')).toEqual([young, old[2], old[1]].map((message) => message?.uuid));
    expect(await fresh.store.search.mark(owner.id)).toMatchObject({ position: 1, built: null });
  });

  test('is indexed anew where the feed no longer reaches back', async () => {
    const message = await add('early');
    await index();
    await add('middle');
    await add('late');
    await fresh.store.feed.purge(minutes(1), 10);
    expect(await found('middle')).toEqual([]);
    await index();
    expect(await found('middle')).toHaveLength(1);
    expect(await found('early')).toEqual([message.uuid]);
  });

  test('knows whose index is behind, and forgets a user', async () => {
    const other = await addUser(fresh.store);
    await add('hello');
    await index();
    const message = await add('hello again');
    await fresh.store.messages.bury(message.id, noon);
    const lags = await fresh.store.search.lags({ after: null, limit: 10 });
    expect(lags).toEqual([
      { userId: owner.id, behind: 1, isBuilding: false, indexedAt: noon },
      { userId: other.id, behind: 0, isBuilding: false, indexedAt: null },
    ]);
    expect(await fresh.store.search.usersWithFormers(10)).toEqual([owner.id]);
    expect(await fresh.store.search.forget(owner.id, 1)).toBe(2);
    expect(await fresh.store.search.forget(owner.id, 10)).toBe(0);
    expect(await fresh.store.search.usersWithFormers(10)).toEqual([]);
    await fresh.store.users.remove(owner.id);
    expect(await fresh.store.search.mark(owner.id)).toBeUndefined();
  });
});
