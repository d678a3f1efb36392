import type { ChatPatch, Tables } from '../store.ts';
import { firstCharacters } from '../unicode-text.ts';
import type { Message } from './message.ts';

/** What a chat says of its newest message, as whoever added that one left it: an answer counts from its end. */
export async function newest(tables: Tables, last: Message | undefined): Promise<ChatPatch> {
  if (!last) return { lastMessageAt: null, lastMessageText: '' };
  const reply = last.role === 'assistant' ? await tables.replies.findByMessage(last.id) : undefined;
  return {
    lastMessageAt: reply?.endedAt ?? last.createdAt,
    lastMessageText: firstCharacters(last.text, 200),
  };
}
