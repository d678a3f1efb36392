import type { ChatId } from '../../core/chats/chat.ts';
import type { SendMessage } from '../../core/core.ts';
import { DomainError } from '../../core/errors.ts';
import { readId } from './read-id.ts';

/**
 * What a `send_message` asks for. Extra fields are ignored.
 * @throws DomainError `field-invalid` (no object, or a part missing or of another type), `text-empty`, `chat-not-found`
 */
export function readSendMessage(payload: unknown): SendMessage {
  if (typeof payload !== 'object' || payload === null) throw new DomainError('field-invalid');
  const { chat_id: chat, message, client_message_id: key } = payload as Record<string, unknown>;
  if (typeof message !== 'string') throw new DomainError('field-invalid');
  if (key !== undefined && key !== null && typeof key !== 'string') throw new DomainError('field-invalid');
  const text = message.trim();
  if (text === '') throw new DomainError('text-empty');
  return {
    chat: readId<ChatId>(chat, 'chat-not-found'),
    text,
    ...(typeof key === 'string' ? { idempotencyKey: key } : {}),
  };
}
