import type { ChatUuid } from '../../core/chats/chat.ts';
import { DomainError } from '../../core/errors.ts';
import type { MessageUuid } from '../../core/messages/message.ts';
import { parseFrame } from '../kit/parse-frame.ts';
import { toUuid } from '../kit/uuid-id.ts';

export type ClientFrame =
  | { type: 'read'; messageUuid: MessageUuid }
  | { type: 'typing'; chatUuid: ChatUuid; isTyping: boolean };

/**
 * What a client says on `/ws`; undefined is a binary frame.
 * @throws DomainError `request-malformed`, `field-invalid`, and `message-not-found` or `chat-not-found` for what is no id
 */
export function readFrame(text: Buffer | undefined): ClientFrame {
  if (text === undefined) throw new DomainError('request-malformed');
  const { type, data } = fieldsOf(parseFrame(text));
  const { message_id: messageId, chat_id: chatId, is_typing: isTyping } = fieldsOf(data);
  if (type === 'read' && typeof messageId === 'string') {
    return { type, messageUuid: toUuid<MessageUuid>(messageId, 'message-not-found') };
  }
  if (type === 'typing' && typeof chatId === 'string' && typeof isTyping === 'boolean') {
    return { type, chatUuid: toUuid<ChatUuid>(chatId, 'chat-not-found'), isTyping };
  }
  throw new DomainError('request-malformed');
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
