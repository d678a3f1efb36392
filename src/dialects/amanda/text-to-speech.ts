import { DomainError } from '../../core/errors.ts';
import type { MessageId } from '../../core/messages/message.ts';
import { readId } from './read-id.ts';

export type TextToSpeech = { voice?: string; format?: string } & (
  | { text: string; messageId?: undefined }
  | { messageId: MessageId }
);

/**
 * What a `text_to_speech` asks for: a text, or a message of the user's chats. Extra fields are ignored.
 * @throws DomainError `field-invalid` (no object, or a part missing or of another type), `message-not-found`
 */
export function readTextToSpeech(payload: unknown): TextToSpeech {
  if (typeof payload !== 'object' || payload === null) throw new DomainError('field-invalid');
  const { text, message_id: message, voice, format } = payload as Record<string, unknown>;
  const manner = { ...optionalText('voice', voice), ...optionalText('format', format) };
  if (message !== undefined && message !== null) {
    return { ...manner, messageId: readId<MessageId>(message, 'message-not-found') };
  }
  if (typeof text !== 'string') throw new DomainError('field-invalid');
  return { ...manner, text };
}

function optionalText<Name extends string>(name: Name, value: unknown): { [Key in Name]?: string } {
  if (value === undefined || value === null || value === '') return {};
  if (typeof value !== 'string') throw new DomainError('field-invalid');
  return { [name]: value } as { [Key in Name]?: string };
}
