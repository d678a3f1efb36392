import type { CoreDependencies } from '../dependencies.ts';
import type { Actor } from '../ports.ts';
import type { ChatKey } from './chat.ts';
import { requireChat } from './require-chat.ts';

/** Tells the user's other devices that somebody types in a chat; stored nowhere. @throws DomainError `chat-not-found`, `chat-not-yours` */
export async function tellTyping(
  { store, fanout }: CoreDependencies,
  actor: Actor,
  { key, isTyping }: { key: ChatKey; isTyping: boolean },
): Promise<void> {
  const chat = await requireChat(store, actor, key);
  const { sessionId } = actor;
  fanout.publish(actor.userId, { type: 'typing', chatUuid: chat.uuid, sessionId, isTyping });
}
