import type { Chat } from '../chats/chat.ts';
import { requireChat } from '../chats/require-chat.ts';
import { commitChanges } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import { findMessage } from './find-message.ts';
import type { MessageKey } from './message.ts';
import { switchBranch } from './switch-branch.ts';

/** Shows the branch through a message; where it is shown already nothing changes. @throws DomainError `message-not-found`, `reply-running` */
export async function activateMessage(deps: CoreDependencies, actor: Actor, key: MessageKey): Promise<Chat> {
  return commitChanges(deps, actor.userId, async (tables, record) => {
    const message = await findMessage(tables, actor, key);
    const chat = await requireChat(tables, actor, message.chatId);
    if (message.activity === 'active') return chat;
    const open = await tables.replies.openInChat(chat.id);
    if (open.length > 0) throw new DomainError('reply-running', { retryAfterSeconds: 1 });
    const branch = { chat, through: message.id, isActive: false, isEnd: false };
    return switchBranch(deps, { tables, record }, branch);
  });
}
