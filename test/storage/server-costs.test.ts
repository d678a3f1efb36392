import { expect, test } from 'vitest';
import type { Query } from '../../src/storage/prepare.ts';
import { allQueries } from '../../src/storage/tables/all-queries.ts';
import { mysqlTraits } from '../../src/storage/engines/mysql/traits.ts';
import { postgresTraits } from '../../src/storage/engines/postgres/traits.ts';
import { describeEachEngine } from './each-engine.ts';
import { addChanges, addChat, addMessage, addUser } from './rows.ts';

const doublings = 12;
/** What a page of ten may cost: not what all the rows do, of which there are four thousand. */
const mostReads = 160;

describeEachEngine(
  'a page of a long list',
  (fresh) => {
    /** Makes many rows of one that is there. */
    const multiply = async (table: string, columns: { own: string; same: string }) => {
      // Room for one more letter each time.
      if (columns.own.includes('uuid')) await fresh.database?.query(`update ${table} set uuid = 'u'`);
      for (let time = 0; time < doublings; time += 1) {
        const letter = String.fromCodePoint(97 + time);
        const own = columns.own.replaceAll('LETTER', `'${letter}'`).replaceAll('STEP', String(2 ** time));
        const names = columns.own.replaceAll(/concat\((\w+), LETTER\)|(\w+) \+ STEP/g, '$1$2');
        await fresh.database?.query(
          `insert into ${table} (${names}, ${columns.same}) select ${own}, ${columns.same} from ${table}`,
        );
      }
    };
    const readsFor = async <Values>(query: Query<Values, unknown>, values: Values): Promise<number> =>
      (await fresh.database?.readsFor(query.sql, query.bind(values))) ?? Number.POSITIVE_INFINITY;

    test('costs what the page costs', async () => {
      const user = await addUser(fresh.store);
      const chat = await addChat(fresh.store, user);
      const { id: first } = await addMessage(fresh.store, chat);
      await addChanges(fresh.store, user, [{ type: 'chat-created', chat }]);
      await multiply('chats', {
        own: 'concat(uuid, LETTER), updated_at + STEP',
        same: 'user_id, title, titled, pinned, message_count, last_message_text, revision, created_at',
      });
      await multiply('messages', {
        own: 'concat(uuid, LETTER)',
        same: 'chat_id, chat_uuid, user_id, role, state, text, kind, active, revision, created_at, updated_at',
      });
      await multiply('changes', { own: 'position + STEP', same: 'user_id, type, chat_id, created_at' });
      await fresh.database?.query(
        fresh.engine === 'postgres' ? 'analyze' : 'analyze table chats, messages, changes',
      );

      const { chats, messages, feed, replies } = allQueries(
        fresh.engine === 'postgres' ? postgresTraits : mysqlTraits,
      );
      const chatPage = { user_id: user.id, limit: 10, offset: 0, reach: 10 };
      const after = { at: chat.updatedAt.getTime() + 2_000, id: 1e9 };
      const page = { chat_id: chat.id, after: 0, before: 1e9, limit: 10, offset: 0 };
      const costs = {
        'the first chats': await readsFor(chats.first, chatPage),
        'chats after one': await readsFor(chats.next, { ...chatPage, ...after }),
        'pinned chats': await readsFor(chats.firstPinned, { ...chatPage, pinned: 0 }),
        'pinned chats after one': await readsFor(chats.nextPinned, { ...chatPage, ...after, pinned: 0 }),
        'the oldest messages': await readsFor(messages.oldest, page),
        'the newest messages': await readsFor(messages.newest, page),
        'messages after one': await readsFor(messages.oldest, { ...page, after: first + 2_000 }),
        'finished messages after one': await readsFor(messages.finished, { ...page, after: first + 2_000 }),
        'a prompt': await readsFor(messages.turns, page),
        'the last message': await readsFor(messages.last, page),
        'a page of the feed': await readsFor(feed.after, { user_id: user.id, position: 2_000, limit: 10 }),
        'open replies': await readsFor(replies.openInChat, { chat_id: chat.id }),
        'open replies of a user': await readsFor(replies.countOpen, { user_id: user.id }),
      };
      const tooMuch = Object.entries(costs).filter(([, reads]) => reads > mostReads);
      expect(tooMuch, JSON.stringify(costs)).toEqual([]);
    });
  },
  { only: ['postgres', 'mysql'] },
);
