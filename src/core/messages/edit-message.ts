import { keepSummary } from '../chats/keep-summary.ts';
import { requireChat } from '../chats/require-chat.ts';
import { commitChanges } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import { firstCharacters } from '../unicode-text.ts';
import { checkMessage } from './check-message.ts';
import { findMessage } from './find-message.ts';
import type { Message, MessageKey } from './message.ts';

export type EditMessage = { key: MessageKey; text: string; ifRevision?: number };

/** Replaces the text of a message where it stands. @throws DomainError `message-not-found`, `reply-running`, `revision-stale`, `text-*` */
export async function editMessage(
  deps: CoreDependencies,
  actor: Actor,
  input: EditMessage,
): Promise<Message> {
  return commitChanges(deps, actor.userId, async (tables, record) => {
    const message = await findMessage(tables, actor, input.key);
    if (message.state === 'writing') throw new DomainError('reply-running');
    if (input.ifRevision !== undefined && input.ifRevision !== message.revision) {
      throw new DomainError('revision-stale');
    }
    const { text } = checkMessage({ text: input.text, imageUrl: message.imageUrl }, deps.limits);
    const at = deps.clock();
    const revision = message.revision + 1;
    await tables.messages.update(message.id, { text, revision, at });
    if (message.activity === 'active') {
      const chat = await requireChat(tables, actor, message.chatId);
      const lastId = await tables.messages.lastId(message.chatId);
      await tables.chats.update(chat.id, {
        ...(lastId === message.id ? { lastMessageText: firstCharacters(text, 200) } : {}),
        ...keepSummary(chat, message.id),
      });
    }
    const edited = { ...message, text, revision, updatedAt: at };
    record({ type: 'message-updated', message: edited });
    return edited;
  });
}
