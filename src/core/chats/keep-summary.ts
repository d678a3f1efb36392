import type { MessageId } from '../messages/message.ts';
import type { Chat } from './chat.ts';

/** What becomes of a chat's summary when a message of its shown branch, or all from it on, changes: it is dropped where it covers that. */
export const keepSummary = ({ summary }: Pick<Chat, 'summary'>, changed: MessageId): { summary?: null } =>
  summary !== null && changed <= summary.upTo ? { summary: null } : {};
