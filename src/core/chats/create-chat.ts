import { commitChanges } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { uuidv7 } from '../uuidv7.ts';
import type { Actor } from '../ports.ts';
import { type Chat, type ChatSettings, type ChatUuid, defaultTitle } from './chat.ts';
import { checkChatSettings } from './check-chat-settings.ts';
import { checkTitle } from './chat-title.ts';

/**
 * Makes an empty chat. Without a title it is called "New Chat" until its user's first message names it.
 * @throws DomainError `title-too-long`, `text-not-unicode`, `model-not-offered`, `field-invalid`
 */
export async function createChat(
  deps: CoreDependencies,
  actor: Actor,
  input: { title?: string } & Partial<ChatSettings>,
): Promise<Chat> {
  const titled = input.title !== undefined && input.title.trim() !== '';
  const title = titled ? checkTitle(input.title ?? '', deps.limits.titleLength) : defaultTitle;
  const settings = checkChatSettings(input, deps);
  const at = deps.clock();
  const uuid = uuidv7(at) as ChatUuid;

  return commitChanges(deps, actor.userId, async (tables, record) => {
    const chat = await tables.chats.insert({ uuid, userId: actor.userId, title, titled, settings, at });
    record({ type: 'chat-created', chat });
    return chat;
  });
}
