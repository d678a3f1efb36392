import type { Builder } from '../schema.ts';
import { attachmentQueries } from './attachments.ts';
import { chatQueries } from './chats.ts';
import { feedQueries } from './feed.ts';
import { hydrationQueries } from './hydrate-feed.ts';
import { idempotencyKeyQueries } from './idempotency-keys.ts';
import { messageQueries } from './messages.ts';
import { nodeQueries } from './nodes.ts';
import { replyQueries } from './replies.ts';
import { replyLogQueries } from './reply-log.ts';
import { sessionQueries } from './sessions.ts';
import { userQueries } from './users.ts';

/** Every statement there is, compiled for one engine. */
export const allQueries = ({ builder, rowLocks }: { builder: Builder; rowLocks: boolean }) => ({
  users: userQueries(builder),
  sessions: sessionQueries(builder),
  chats: chatQueries(builder),
  messages: messageQueries(builder),
  replies: replyQueries(builder),
  replyLog: replyLogQueries(builder),
  nodes: nodeQueries(builder, rowLocks),
  attachments: attachmentQueries(builder),
  idempotencyKeys: idempotencyKeyQueries(builder),
  feed: feedQueries(builder, rowLocks),
  hydration: hydrationQueries(builder),
});

export type Queries = ReturnType<typeof allQueries>;
