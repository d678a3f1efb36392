import type { Store, Tables } from '../core/store.ts';
import type { Access, Engine, SqlTraits } from './engines/engine.ts';
import { allQueries, type Queries } from './tables/all-queries.ts';
import { StoredAttachments } from './tables/attachments.ts';
import { StoredChats } from './tables/chats.ts';
import { StoredFeed } from './tables/feed.ts';
import { StoredIdempotencyKeys } from './tables/idempotency-keys.ts';
import { StoredMessages } from './tables/messages.ts';
import { StoredNodes } from './tables/nodes.ts';
import { StoredReplies } from './tables/replies.ts';
import { StoredSearch } from './tables/search.ts';
import { StoredSessions } from './tables/sessions.ts';
import { StoredUsage } from './tables/usage.ts';
import { StoredUsers } from './tables/users.ts';

/** Everything the core keeps, in a database. Each write outside of a transaction is a transaction of its own. */
export const createStore = (engine: Engine): Store => {
  const queries = queriesOf(engine);
  const outside: Access = {
    all: (query, values) => engine.reader.all(query, values),
    one: (query, values) => engine.reader.one(query, values),
    write: (work) => engine.write(work),
  };
  return {
    ...tablesOn(outside, queries),
    transaction: (work) => engine.write((connection) => work(tablesOn(connection, queries))),
    ping: () => engine.ping(),
    close: () => engine.close(),
  };
};

/** The statements of each kind of engine: a process compiles them once, however many databases it opens. */
const compiled = new WeakMap<SqlTraits['builder'], Queries>();

const queriesOf = (traits: SqlTraits): Queries => {
  const known = compiled.get(traits.builder) ?? allQueries(traits);
  compiled.set(traits.builder, known);
  return known;
};

const tablesOn = (access: Access, queries: Queries): Tables => ({
  users: new StoredUsers(access, queries.users),
  sessions: new StoredSessions(access, queries.sessions),
  chats: new StoredChats(access, queries.chats, queries.search),
  messages: new StoredMessages(access, queries.messages, queries.search),
  replies: new StoredReplies(access, queries.replies, queries.replyLog),
  nodes: new StoredNodes(access, queries.nodes),
  attachments: new StoredAttachments(access, queries.attachments),
  usage: new StoredUsage(access, queries.usage),
  idempotencyKeys: new StoredIdempotencyKeys(access, queries.idempotencyKeys),
  search: new StoredSearch(access, queries.search),
  feed: new StoredFeed(access, queries.feed, { ...queries.hydration, message: queries.messages }),
});
