import { commitChanges } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import type { Chat, ChatKey, ChatSettings } from './chat.ts';
import { checkTitle } from './chat-title.ts';
import { checkChatSettings } from './check-chat-settings.ts';
import { requireChat } from './require-chat.ts';

export type UpdateChat = { title?: string; pinned?: boolean; ifRevision?: number } & Partial<ChatSettings>;

/**
 * Renames, pins or sets what it asks of its AI, from the next reply on; nothing given changes nothing.
 * @throws DomainError `revision-stale`, `title-*`, `model-not-offered`, `field-invalid`, `chat-not-*`
 */
export async function updateChat(
  deps: CoreDependencies,
  actor: Actor,
  { key, patch }: { key: ChatKey; patch: UpdateChat },
): Promise<Chat> {
  const title = patch.title === undefined ? undefined : checkTitle(patch.title, deps.limits.titleLength);
  const settings = checkChatSettings(patch, deps);

  return commitChanges(deps, actor.userId, async (tables, record) => {
    const chat = await requireChat(tables, actor, key);
    if (patch.ifRevision !== undefined && patch.ifRevision !== chat.revision) {
      throw new DomainError('revision-stale');
    }
    const isNothing = title === undefined && patch.pinned === undefined && Object.keys(settings).length === 0;
    if (isNothing) return chat;
    const changed = {
      revision: chat.revision + 1,
      updatedAt: deps.clock(),
      ...settings,
      ...(title === undefined ? {} : { title, titled: true }),
      ...(patch.pinned === undefined ? {} : { pinned: patch.pinned }),
    };
    await tables.chats.update(chat.id, changed);
    const updated = { ...chat, ...changed };
    record({ type: 'chat-updated', chat: updated });
    return updated;
  });
}
