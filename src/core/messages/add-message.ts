import { requireChat } from '../chats/require-chat.ts';
import { requireLoose } from '../attachments/require-loose.ts';
import { commitChanges } from '../commit-changes.ts';
import type { AddMessage } from '../core.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import { appendMessage } from './append-message.ts';
import { checkMessage } from './check-message.ts';
import { checkPictures } from './check-pictures.ts';
import type { Message } from './message.ts';
import { openOnce } from './once.ts';

/**
 * Stores one message of either side and asks the AI nothing: for clients that bring their own answers.
 * @throws DomainError `chat-not-*`, `text-*`, `idempotency-key-*`, `reply-running` (an answer beside the one being written)
 */
export async function addMessage(
  deps: CoreDependencies,
  actor: Actor,
  input: AddMessage,
): Promise<{ message: Message; duplicate: boolean }> {
  const { role, attachments } = input;
  const content = checkMessage(input, deps.limits);
  await checkPictures(deps, content);
  const once = openOnce(actor, { key: input.idempotencyKey, parts: [input.chat, role, content] });

  return commitChanges(deps, actor.userId, async (tables, record) => {
    const first = await once.first(tables);
    if (first) return { message: first.message, duplicate: true };
    const chat = await requireChat(tables, actor, input.chat);
    const open = role === 'assistant' ? await tables.replies.openInChat(chat.id) : [];
    if (open.length > 0) throw new DomainError('reply-running', { retryAfterSeconds: 1 });
    await requireLoose(tables, actor, attachments ?? []);
    const message = await appendMessage(deps, { tables, record }, { chat, role, content, attachments });
    await once.remember(tables, { message, replyId: null });
    return { message, duplicate: false };
  });
}
