import type { SqlTraits } from '../engines/engine.ts';
import { attachmentQueries } from './attachments.ts';
import { chatQueries } from './chats.ts';
import { feedQueries } from './feed.ts';
import { hydrationQueries } from './hydrate-feed.ts';
import { idempotencyKeyQueries } from './idempotency-keys.ts';
import { messageQueries } from './message-queries.ts';
import { nodeQueries } from './nodes.ts';
import { replyQueries } from './reply-queries.ts';
import { replyLogQueries } from './reply-log.ts';
import { searchQueries } from './search-queries.ts';
import { sessionQueries } from './sessions.ts';
import { usageQueries } from './usage.ts';
import { userQueries } from './users.ts';

/** Every statement there is, compiled for one engine. */
export const allQueries = (traits: SqlTraits) => ({
  users: userQueries(traits),
  sessions: sessionQueries(traits),
  chats: chatQueries(traits),
  messages: messageQueries(traits),
  replies: replyQueries(traits.builder),
  replyLog: replyLogQueries(traits.builder),
  nodes: nodeQueries(traits),
  attachments: attachmentQueries(traits.builder),
  idempotencyKeys: idempotencyKeyQueries(traits.builder),
  usage: usageQueries(traits.builder),
  search: searchQueries(traits),
  feed: feedQueries(traits),
  hydration: hydrationQueries(traits.builder),
});

export type Queries = ReturnType<typeof allQueries>;
