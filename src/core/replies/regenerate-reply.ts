import { keepSummary } from '../chats/keep-summary.ts';
import { requireChat } from '../chats/require-chat.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import { newest } from '../messages/newest.ts';
import type { Actor } from '../ports.ts';
import { commitClaims } from './commit-claims.ts';
import { openReply, requireRoom } from './open-reply.ts';
import type { ReplyWriters } from './reply-writers.ts';
import { isOpen, type Reply, type ReplyKey } from './reply.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/**
 * Opens a new reply to the same message. The former answer stays stored but leaves the chat's active branch.
 * @throws DomainError `reply-not-found`, `reply-running`, `reply-not-latest`
 */
export async function regenerateReply(deps: Deps, actor: Actor, key: ReplyKey): Promise<Reply> {
  const reply = await commitClaims(deps, actor.userId, async (tables, record) => {
    const old = await tables.replies.find(actor.userId, key);
    if (!old) throw new DomainError('reply-not-found');
    const answers = await tables.messages.find(actor.userId, old.answersId);
    if (!answers) throw new DomainError('message-not-found');
    const open = await requireRoom(deps, tables, answers);
    if (isOpen(old) || open.length > 0) throw new DomainError('reply-running');

    const last = await tables.messages.last(answers.chatId);
    const former = last?.id === old.messageId ? last : undefined;
    if (!former && last?.id !== answers.id) throw new DomainError('reply-not-latest');
    const chat = await requireChat(tables, actor, answers.chatId);
    if (former) {
      const at = deps.clock();
      await tables.messages.setActivity([former.id], 'inactive');
      const messageCount = Math.max(0, chat.messageCount - 1);
      const patch = { messageCount, updatedAt: at, ...(await newest(tables, answers)) };
      await tables.chats.update(chat.id, { ...patch, ...keepSummary(chat, former.id) });
      record({
        type: 'message-deleted',
        messageId: former.id,
        messageUuid: former.uuid,
        chatId: chat.id,
        chatUuid: chat.uuid,
      });
    }
    return openReply(deps, { tables, record }, { chat, answers, open });
  });
  deps.writers.start(reply);
  return reply;
}
