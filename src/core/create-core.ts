import { readAttachment } from './attachments/read-attachment.ts';
import { removeAttachment } from './attachments/remove-attachment.ts';
import { storeAttachment } from './attachments/store-attachment.ts';
import { createChat } from './chats/create-chat.ts';
import { clearChat, deleteChat } from './chats/delete-chat.ts';
import { requireChat } from './chats/require-chat.ts';
import { tellTyping } from './chats/tell-typing.ts';
import { updateChat } from './chats/update-chat.ts';
import type { Attachments, Chats, Core, Feed, Messages, Replies } from './core.ts';
import type { CoreDependencies } from './dependencies.ts';
import { followFeed } from './feed/follow-feed.ts';
import { startJanitor } from './janitor.ts';
import { addMessage } from './messages/add-message.ts';
import { deliverMessage } from './messages/deliver-message.ts';
import { deleteMessage } from './messages/delete-message.ts';
import { editMessage } from './messages/edit-message.ts';
import { findMessage } from './messages/find-message.ts';
import { findMessageReply } from './messages/find-message-reply.ts';
import { sendMessage } from './messages/send-message.ts';
import { askOnce } from './replies/ask-once.ts';
import { continueReply } from './replies/continue-reply.ts';
import { findReply, followReply } from './replies/follow-reply.ts';
import { finishedReply } from './replies/finished-reply.ts';
import { startReaper } from './replies/reap-replies.ts';
import { regenerateReply } from './replies/regenerate-reply.ts';
import { createReplyWriters, type ReplyWriters } from './replies/reply-writers.ts';
import { stopReply } from './replies/stop-reply.ts';
import { untilStopped } from './replies/until-stopped.ts';
import { createSessions } from './sessions/sessions.ts';
import { createUsers } from './users/users.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/** A core, and what keeps it going in a server. A command that only looks at users need not start it. */
export type RunningCore = {
  core: Core;
  /** Takes a place among the living processes and looks after the replies of dead ones. */
  start(): Promise<void>;
  /** Lets running replies finish for a while, interrupts the rest, and gives the place up. Nothing can be sent from its start on. */
  stop(graceMs: number): Promise<void>;
};

/** Puts the product together from what it needs of the outside. */
export function createCore(dependencies: CoreDependencies): RunningCore {
  const writers = createReplyWriters(dependencies);
  const deps: Deps = { ...dependencies, writers };
  const sessions = createSessions(deps);
  const keepers: { stop(): void | Promise<void> }[] = [];
  return {
    core: {
      users: createUsers(deps),
      sessions,
      chats: chats(deps),
      messages: messages(deps),
      replies: replies(deps),
      attachments: attachments(deps),
      feed: feed(deps),
    },
    async start() {
      writers.lease.start();
      keepers.push(startReaper(deps), startJanitor(deps), sessions.startWatch());
    },
    async stop(graceMs) {
      await writers.drain(graceMs);
      for (const keeper of keepers) await keeper.stop();
      if (keepers.length > 0) await writers.lease.stop();
    },
  };
}

const chats = (deps: Deps): Chats => ({
  create: (actor, input) => createChat(deps, actor, input),
  find: (actor, key) => requireChat(deps.store, actor, key),
  list: (actor, page) => deps.store.chats.list(actor.userId, page),
  async page(actor, { offset, limit }) {
    const found = await deps.store.chats.list(actor.userId, { after: null, limit, offset });
    return { chats: found, total: await deps.store.chats.count(actor.userId) };
  },
  type: (actor, key, isTyping) => tellTyping(deps, actor, { key, isTyping }),
  update: (actor, key, patch) => updateChat(deps, actor, { key, patch }),
  delete: (actor, key) => deleteChat(deps, actor, key),
  clear: (actor, key) => clearChat(deps, actor, key),
});

const messages = (deps: Deps): Messages => ({
  send: (actor, input) => sendMessage(deps, actor, input),
  async list(actor, key, page) {
    const chat = await requireChat(deps.store, actor, key);
    return deps.store.messages.list(chat.id, page);
  },
  add: (actor, input) => addMessage(deps, actor, input),
  async page(actor, key, page) {
    const chat = await requireChat(deps.store, actor, key);
    return { messages: await deps.store.messages.list(chat.id, page), total: chat.messageCount };
  },
  deliver: (actor, key, status) => deliverMessage(deps, actor, { key, status }),
  find: (actor, key) => findMessage(deps.store, actor, key),
  edit: (actor, key, input) => editMessage(deps, actor, { key, ...input }),
  delete: (actor, key) => deleteMessage(deps, actor, key),
});

const replies = (deps: Deps): Replies => ({
  find: (actor, key) => findReply(deps, actor, key),
  findByMessage: (actor, key) => findMessageReply(deps, actor, key),
  follow: (actor, key, from) => followReply(deps, actor, { key, ...from }),
  finished: (actor, key, signal) =>
    untilStopped(deps.writers, signal, (either) => finishedReply(deps, actor, { key, signal: either })),
  stop: (actor, key) => stopReply(deps, actor, key),
  continue: (actor, key) => continueReply(deps, actor, key),
  regenerate: (actor, key) => regenerateReply(deps, actor, key),
  ask: (actor, input, signal) =>
    deps.writers.holdDrain(
      untilStopped(deps.writers, signal, (either) => askOnce(deps, actor, { input, signal: either })),
    ),
});

const attachments = (deps: Deps): Attachments => ({
  store: (actor, file) => storeAttachment(deps, actor, file),
  read: (actor, uuid) => readAttachment(deps, actor, uuid),
  remove: (actor, uuid) => removeAttachment(deps, actor, uuid),
});

const feed = (deps: Deps): Feed => ({
  follow: (actor, after, signal) => followFeed(deps, actor, { after, signal }),
  position: (actor) => deps.store.feed.position(actor.userId),
});
