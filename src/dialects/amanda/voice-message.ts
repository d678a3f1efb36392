import type { ChatId } from '../../core/chats/chat.ts';
import { DomainError } from '../../core/errors.ts';
import { readId } from './read-id.ts';

export type VoiceMessage = { chat: ChatId; audio: Uint8Array; language?: string; idempotencyKey?: string };

/**
 * What a `send_voice_message` asks for. Extra fields are ignored.
 * @throws DomainError `field-invalid` (no object, or a part missing or of another type), `chat-not-found`
 */
export function readVoiceMessage(payload: unknown): VoiceMessage {
  if (typeof payload !== 'object' || payload === null) throw new DomainError('field-invalid');
  const { chat_id: chat, audio, language, client_message_id: key } = payload as Record<string, unknown>;
  if (!isOptionalText(language) || !isOptionalText(key)) throw new DomainError('field-invalid');
  return {
    audio: toBytes(audio),
    chat: readId<ChatId>(chat, 'chat-not-found'),
    ...(language ? { language } : {}),
    ...(typeof key === 'string' ? { idempotencyKey: key } : {}),
  };
}

/** Bytes, their base64, or a data URL: what a page gets of a recorder, and what an app reads from a file. */
function toBytes(audio: unknown): Uint8Array {
  if (audio instanceof Uint8Array) return audio;
  if (typeof audio !== 'string') throw new DomainError('field-invalid');
  const base64 = audio.startsWith('data:') ? audio.slice(audio.indexOf(',') + 1) : audio;
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(base64)) throw new DomainError('field-invalid');
  return Buffer.from(base64, 'base64');
}

const isOptionalText = (value: unknown): value is string | null | undefined =>
  value === undefined || value === null || typeof value === 'string';
