import type { AttachmentUuid } from '../attachments/attachment.ts';
import { attachmentsAmong } from '../attachments/attachment-url.ts';
import type { Chat } from '../chats/chat.ts';
import { autoTitle } from '../chats/chat-title.ts';
import type { RecordChange } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Tables } from '../store.ts';
import { firstCharacters } from '../unicode-text.ts';
import { uuidv7 } from '../uuidv7.ts';
import type { MessageContent } from './check-message.ts';
import type { Message, MessageId, MessageRole, MessageUuid } from './message.ts';

type Append = {
  chat: Chat;
  role: MessageRole;
  content: MessageContent;
  /** What it follows; without it, the chat's newest message. */
  parentId?: MessageId | null;
  /** Files among the content's that were loose when they were looked at. */
  attachments?: readonly AttachmentUuid[] | undefined;
};

/**
 * Stores a finished message at the end of a chat, in the caller's transaction; the user's first words give an unnamed chat its title.
 * @throws DomainError `attachment-not-found` where one of `attachments` was removed meanwhile
 */
export async function appendMessage(
  { clock }: Pick<CoreDependencies, 'clock'>,
  { tables, record }: { tables: Tables; record: RecordChange },
  { chat, role, content, parentId, attachments = [] }: Append,
): Promise<Message> {
  const at = clock();
  const message = await tables.messages.insert({
    uuid: uuidv7(at) as MessageUuid,
    chatId: chat.id,
    chatUuid: chat.uuid,
    userId: chat.userId,
    parentId: parentId === undefined ? ((await tables.messages.lastId(chat.id)) ?? null) : parentId,
    role,
    state: 'complete',
    ...content,
    at,
  });
  const carried = attachmentsAmong([...content.mediaUrls, content.imageUrl ?? '']);
  const taken = carried.length > 0 ? await tables.attachments.attach(chat.userId, carried, message.id) : [];
  // Who removes files does not wait for who sends them.
  if (!attachments.every((uuid) => taken.includes(uuid))) throw new DomainError('attachment-not-found');
  const title = role === 'assistant' || chat.titled ? '' : autoTitle(content.text);
  const changed = {
    messageCount: chat.messageCount + 1,
    lastMessageAt: at,
    lastMessageText: firstCharacters(content.text, 200),
    updatedAt: at,
    ...(title === '' ? {} : { title, titled: true, revision: chat.revision + 1 }),
  };
  await tables.chats.update(chat.id, changed);
  record({ type: 'message-created', message });
  if (title !== '') record({ type: 'chat-updated', chat: { ...chat, ...changed } });
  return message;
}
