import { findAttachment, readAttachment } from './attachments/read-attachment.ts';
import { removeAttachment } from './attachments/remove-attachment.ts';
import { storeAttachment } from './attachments/store-attachment.ts';
import { createChat } from './chats/create-chat.ts';
import { clearChat, deleteChat } from './chats/delete-chat.ts';
import { requireChat } from './chats/require-chat.ts';
import { tellTyping } from './chats/tell-typing.ts';
import { updateChat } from './chats/update-chat.ts';
import type { Attachments, Chats, Core, Feed, Messages, Replies, Voice } from './core.ts';
import type { CoreDependencies } from './dependencies.ts';
import { followFeed } from './feed/follow-feed.ts';
import { createUntoldChanges } from './feed/untold-changes.ts';
import { startJanitor } from './janitor.ts';
import { activateMessage } from './messages/activate-message.ts';
import { addMessage } from './messages/add-message.ts';
import { branchMessage } from './messages/branch-message.ts';
import { deliverMessage } from './messages/deliver-message.ts';
import { deleteMessage } from './messages/delete-message.ts';
import { editMessage } from './messages/edit-message.ts';
import { findMessage } from './messages/find-message.ts';
import { findMessageReply } from './messages/find-message-reply.ts';
import { listVersions, withVersions } from './messages/list-versions.ts';
import { settledUpTo } from './messages/settled-up-to.ts';
import { sendMessage } from './messages/send-message.ts';
import { createBackgroundQuestions } from './background/background-questions.ts';
import { followUp } from './background/follow-up.ts';
import { askOnce } from './replies/ask-once.ts';
import { continueReply } from './replies/continue-reply.ts';
import { findReply, followReply } from './replies/follow-reply.ts';
import { finishedReply } from './replies/finished-reply.ts';
import { startReaper } from './replies/reap-replies.ts';
import { regenerateReply } from './replies/regenerate-reply.ts';
import { createReplyWriters, type ReplyWriters } from './replies/reply-writers.ts';
import { stopReply } from './replies/stop-reply.ts';
import { untilStopped } from './replies/until-stopped.ts';
import { search } from './search/search.ts';
import { createSearchIndexer } from './search/search-indexer.ts';
import { createSessions } from './sessions/sessions.ts';
import { readUsage } from './usage/read-usage.ts';
import { createUsers } from './users/users.ts';
import { createVoicePlaces, type VoicePlaces } from './voice/voice-places.ts';
import { speak } from './voice/speak.ts';
import { transcribe } from './voice/transcribe.ts';

type Deps = CoreDependencies & { writers: ReplyWriters; recordingPlaces: VoicePlaces };

/** A core, and what keeps it going in a server. A command that only looks at users need not start it. */
export type RunningCore = {
  core: Core;
  /** Takes a place among the living processes and looks after the replies of dead ones. */
  start(): Promise<void>;
  /** Lets running replies finish for a while, interrupts the rest, and gives the place up. Nothing can be sent from its start on. */
  stop(graceMs: number): Promise<void>;
};

/** Puts the product together from what it needs of the outside. */
export function createCore(given: CoreDependencies): RunningCore {
  const indexer = createSearchIndexer(given);
  const untold = createUntoldChanges({ ...given, indexer });
  const dependencies = { ...given, indexer, untold };
  const background = createBackgroundQuestions(dependencies);
  const writers = createReplyWriters(dependencies, (reply) =>
    followUp({ ...dependencies, writers }, background, reply),
  );
  const deps: Deps & { indexer: typeof indexer } = {
    ...dependencies,
    writers,
    recordingPlaces: createVoicePlaces({ total: 32, perUser: 4 }),
  };
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
      voice: voice(deps),
      search: { find: (actor, input) => search(deps, actor, input) },
      usage: { read: (actor, days) => readUsage(deps, actor, days) },
      feed: feed(deps),
    },
    async start() {
      writers.lease.start();
      indexer.start();
      untold.start();
      keepers.push(startReaper(deps), startJanitor(deps), sessions.startWatch(), indexer, untold);
    },
    async stop(graceMs) {
      // Nobody waits for them: what they would have found out comes with a later reply.
      await background.stop();
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
  async listVersioned(actor, key, page) {
    const chat = await requireChat(deps.store, actor, key);
    return withVersions(deps.store, await deps.store.messages.list(chat.id, page));
  },
  async listFinished(actor, key, page) {
    const chat = await requireChat(deps.store, actor, key);
    return deps.store.messages.finished(chat.id, page);
  },
  settledUpTo: (actor, key) => settledUpTo(deps, actor, key),
  async page(actor, key, page) {
    const chat = await requireChat(deps.store, actor, key);
    return { messages: await deps.store.messages.finished(chat.id, page), total: chat.messageCount };
  },
  add: (actor, input) => addMessage(deps, actor, input),
  deliver: (actor, key, status) => deliverMessage(deps, actor, { key, status }),
  find: (actor, key) => findMessage(deps.store, actor, key),
  edit: (actor, key, input) => editMessage(deps, actor, { key, ...input }),
  branch: (actor, key, input) => branchMessage(deps, actor, { key, input }),
  versions: (actor, key) => listVersions(deps, actor, key),
  activate: (actor, key) => activateMessage(deps, actor, key),
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
  find: (actor, uuid) => findAttachment(deps, actor, uuid),
  read: (actor, uuid, range) => readAttachment(deps, actor, { uuid, range }),
  remove: (actor, uuid) => removeAttachment(deps, actor, uuid),
});

const voice = (deps: Deps): Voice => ({
  transcribe: (actor, receive, signal) =>
    untilStopped(deps.writers, signal, (either) => transcribe(deps, actor, { receive, signal: either })),
  speak: (input, signal) => speak(deps, input, signal),
});

const feed = (deps: Deps): Feed => ({
  follow: (actor, after, signal) => followFeed(deps, actor, { after, signal }),
  position: (actor) => deps.store.feed.position(actor.userId),
});
