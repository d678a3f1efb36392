import type { ChatId } from '../../core/chats/chat.ts';
import type { SendMessage } from '../../core/core.ts';
import { DomainError } from '../../core/errors.ts';

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
  return { chat: toChatId(chat), text, ...(typeof key === 'string' ? { idempotencyKey: key } : {}) };
}

/** A number or its decimal string, as the clients send it. A number that is no id names nothing. */
function toChatId(chat: unknown): ChatId {
  if (typeof chat !== 'number' && !(typeof chat === 'string' && /^\d+$/.test(chat))) {
    throw new DomainError('field-invalid');
  }
  const id = Number(chat);
  if (!Number.isSafeInteger(id) || id < 1 || String(id) !== String(chat)) {
    throw new DomainError('chat-not-found');
  }
  return id as ChatId;
}
