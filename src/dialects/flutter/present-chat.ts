import type { Chat } from '../../core/chats/chat.ts';
import type { Core } from '../../core/core.ts';
import type { Actor } from '../../core/ports.ts';
import { firstCharacters } from '../../core/unicode-text.ts';
import { toChat } from './wire.ts';

/** What the core keeps of a chat's newest message, in characters. */
const keptCharacters = 200;
/** What is shown of it: most answers are shorter, and a list of many chats stays bounded. */
const shownCharacters = 4_000;

/** A chat as it is sent: with more of its newest message than the core keeps, where there is more. */
export async function presentChat(core: Core, actor: Actor, chat: Chat): Promise<ReturnType<typeof toChat>> {
  const presented = toChat(chat);
  const beginning = chat.lastMessageText;
  if (beginning.length < keptCharacters) return presented;
  const [newest] = await core.messages.list(actor, chat.id, { limit: 1, newest: true });
  // One that is being written has not become the newest yet.
  if (!newest?.text.startsWith(beginning)) return presented;
  return { ...presented, last_message_content: firstCharacters(newest.text, shownCharacters) };
}
