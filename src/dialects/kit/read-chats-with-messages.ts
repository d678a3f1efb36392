import type { Chat } from '../../core/chats/chat.ts';
import type { Core } from '../../core/core.ts';
import { DomainError } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Actor } from '../../core/ports.ts';
import { readAllChats, readAllMessages } from './read-all.ts';

/** All chats of a user, each with all its messages, newest change first. One that is deleted meanwhile is left out. */
export async function readChatsWithMessages(
  core: Core,
  actor: Actor,
): Promise<{ chat: Chat; messages: Message[] }[]> {
  const found = [];
  for (const chat of await readAllChats(core, actor)) {
    try {
      const messages = chat.messageCount === 0 ? [] : await readAllMessages(core, actor, chat.id);
      found.push({ chat, messages });
    } catch (thrown) {
      if (!(thrown instanceof DomainError && thrown.code === 'chat-not-found')) throw thrown;
    }
  }
  return found;
}
