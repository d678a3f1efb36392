import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Chat } from '../../src/core/chats/chat.ts';
import type { Actor } from '../../src/core/ports.ts';
import { indexTerms } from '../../src/core/search/index-terms.ts';
import { indexUser } from '../../src/core/search/index-user.ts';
import { matchText } from '../../src/core/search/match-text.ts';
import { parseSearch } from '../../src/core/search/parse-search.ts';
import { readWords } from '../../src/core/search/read-words.ts';
import { search } from '../../src/core/search/search.ts';
import { compareRanks } from '../../src/core/search/search-cursor.ts';
import type { SearchedMessage } from '../../src/core/search/search-table.ts';
import type { Store } from '../../src/core/store.ts';
import { createQuickAi } from '../core/quick-ai.ts';
import { createTempCore } from '../support/temp-core.ts';
import { describeEachEngine } from './each-engine.ts';

/** More terms than one transaction of the indexer writes. */
const long = Array.from({ length: 600 }, (_, index) => `w${index}`).join(' ');
const texts = [
  'alpha beta',
  'Beta, ALPHA!',
  'alpha gámma beta',
  '数据库 alpha',
  '数据 和 库',
  'silence gamma',
  long,
];
const queries = ['alpha', 'alpha beta', '"beta alpha"', 'gamma', '数据库', '库', 'answer', 'w17 w599'];
/** Every term that ever is, but most of the long text's. */
const terms = [...indexTerms(readWords([...texts, 'answer'].join(' ; ')))].filter(
  (term) => !/^w\d/.test(term) || term === 'w0' || term === 'w599',
);

type Step = {
  kind:
    | 'send'
    | 'edit'
    | 'say otherwise'
    | 'activate'
    | 'delete'
    | 'clear'
    | 'drop'
    | 'rename'
    | 'index'
    | 'index and break off';
  text: string;
  at: number;
};
/** What every walk begins with, so that none leaves it out. */
const opening: readonly Step[] = [
  { kind: 'send', text: long, at: 0 },
  { kind: 'index and break off', text: '', at: 2 },
  { kind: 'edit', text: 'alpha beta', at: 0 },
  { kind: 'send', text: 'beta alpha', at: 0 },
  { kind: 'index', text: '', at: 0 },
  { kind: 'delete', text: '', at: 2 },
];
const step = fc.record({
  kind: fc.constantFrom<Step['kind'][]>(
    'send',
    'send',
    'send',
    'edit',
    'say otherwise',
    'activate',
    'delete',
    'clear',
    'drop',
    'rename',
    'index',
    'index and break off',
  ),
  text: fc.constantFrom(...texts),
  at: fc.nat(30),
});

describeEachEngine('whatever is said and changed', (fresh) => {
  const clock = () => new Date();
  const everything = async (actor: Actor): Promise<{ chats: Chat[]; messages: SearchedMessage[] }> => {
    const chats = await fresh.store.chats.list(actor.userId, { after: null, limit: 100 });
    const messages: SearchedMessage[] = [];
    for (const { id } of chats)
      messages.push(...(await fresh.store.search.messagesOfChat(id, { after: 0, limit: 1_000 })));
    return { chats, messages };
  };

  /** What a search has to give, by reading all there is. */
  const expected = async (actor: Actor, query: string) => {
    const { chats, messages } = await everything(actor);
    const asked = parseSearch(query);
    const titles = chats
      .filter(({ title, titled }) => titled && matchText(title, asked))
      .toSorted((a, b) => b.id - a.id);
    const found = messages.flatMap((message) => {
      const match = message.activity === 'active' ? matchText(message.text, asked) : undefined;
      return match ? [{ id: message.id, uuid: message.uuid, together: match.together }] : [];
    });
    return [...titles, ...found.toSorted(compareRanks)].map(({ uuid }) => uuid);
  };
  const found = async (actor: Actor, query: string) => {
    const deps = { store: fresh.store, indexer: { wake: () => undefined } };
    const { hits, next } = await search(deps, actor, { text: query, after: null, limit: 100 });
    expect(next).toBeNull();
    return hits.map(({ message, chat }) => message?.uuid ?? chat.uuid);
  };
  const agrees = async (actor: Actor) => {
    for (const query of queries)
      expect(await found(actor, query), query).toEqual(await expected(actor, query));
  };

  /** For each term the ids that the index has. */
  const indexed = async ({ userId }: Actor) => {
    const ids: Record<string, number[]> = {};
    for (const kind of ['message', 'chat'] as const)
      for (const [term, newest] of await fresh.store.search.newest(userId, kind, terms)) {
        const older = await fresh.store.search.older({ userId, kind, term }, { upTo: 1e15, limit: 100 });
        ids[`${kind} ${term}`] = [...older, newest].flatMap((block) => block.ids());
      }
    return ids;
  };
  /** And those that it should have. */
  const rebuilt = async (actor: Actor) => {
    const { chats, messages } = await everything(actor);
    const ids: Record<string, number[]> = {};
    const add = (kind: string, id: number, text: string) => {
      for (const term of indexTerms(readWords(text)))
        if (terms.includes(term)) (ids[`${kind} ${term}`] ??= []).push(id);
    };
    for (const { id, text } of messages.toSorted((a, b) => a.id - b.id)) add('message', id, text);
    for (const { id, title, titled } of chats.toSorted((a, b) => a.id - b.id))
      if (titled) add('chat', id, title);
    return ids;
  };

  /** A process that ends after so many transactions. */
  const breaking = (left: number): Store => ({
    ...fresh.store,
    transaction: (work) => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('broken off')) : fresh.store.transaction(work);
    },
  });

  test('is found as it is, and the index becomes what it would be if it were made anew', async () => {
    const core = createTempCore(fresh.store, { provider: createQuickAi() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 14 }), async (walk) => {
        const actor = await core.newActor();
        let chat = await core.core.chats.create(actor, { title: 'Alpha' });
        const { messages, chats, replies } = core.core;
        for (const { kind, text, at } of [...opening, ...walk]) {
          const all = (await everything(actor)).messages.filter(({ chatId }) => chatId === chat.id);
          const one = all[at % Math.max(1, all.length)];
          if (kind === 'send' || !one) {
            const { reply } = await messages.send(actor, { chat: chat.id, text });
            await replies.finished(actor, reply.id).catch(() => undefined);
          } else if (kind === 'say otherwise') {
            if (one.role !== 'user') continue;
            const { reply } = await messages.branch(actor, one.id, { text });
            await replies.finished(actor, reply.id).catch(() => undefined);
          } else if (kind === 'edit') {
            await messages.edit(actor, one.id, { text });
          } else if (kind === 'activate') await messages.activate(actor, one.id);
          else if (kind === 'delete') await messages.delete(actor, one.id);
          else if (kind === 'clear') await chats.clear(actor, chat.id);
          else if (kind === 'rename') await chats.update(actor, chat.id, { title: text.slice(0, 100) });
          else if (kind === 'drop') {
            await chats.delete(actor, chat.id);
            chat = await chats.create(actor, {});
          } else if (kind === 'index') await indexUser({ store: fresh.store, clock }, actor.userId);
          else await indexUser({ store: breaking(1 + (at % 4)), clock }, actor.userId).catch(() => undefined);
        }
        await agrees(actor);
        // Two processes at once write what one would.
        const both = [1, 2].map(() => indexUser({ store: fresh.store, clock }, actor.userId));
        await Promise.all(both);
        expect(await fresh.store.search.formers(actor.userId, 10)).toEqual([]);
        expect(await indexed(actor)).toEqual(await rebuilt(actor));
        await agrees(actor);
      }),
      { numRuns: 3, endOnFailure: true },
    );
    await core.stop(0);
  });
});
