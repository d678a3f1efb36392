import type { CoreDependencies } from '../dependencies.ts';
import type { Prompt, PromptTurn } from '../provider.ts';
import type { Turn } from '../store.ts';
import type { Reply } from './reply.ts';

const charactersPerToken = 4;

/** What the provider gets for a reply: the branch up to the message it answers, as much of it as the budget holds. */
export async function buildPrompt(
  { store, provider, prompt }: Pick<CoreDependencies, 'store' | 'provider' | 'prompt'>,
  reply: Reply,
  continues: string,
): Promise<Prompt> {
  const earlier =
    reply.messageId === null
      ? []
      : await store.messages.turns(reply.chatId, { before: reply.messageId, limit: prompt.historyTurns + 1 });
  const turns = withinBudget(earlier, prompt.historyTokens * charactersPerToken).map(toTurn);
  const user = provider.wantsFirstName ? await store.users.find(reply.userId) : undefined;
  const firstName = user?.firstName ?? '';
  return {
    system: prompt.system,
    turns,
    ...(continues === '' ? {} : { continues }),
    userId: String(reply.userId),
    chatId: String(reply.chatId),
    ...(firstName === '' ? {} : { firstName }),
  };
}

/** The newest messages that fit; the very newest always does, for it is the question. */
function withinBudget(messages: readonly Turn[], characters: number): Turn[] {
  let left = characters;
  let first = messages.length;
  while (first > 0) {
    left -= messages[first - 1]?.text.length ?? 0;
    if (left < 0 && first < messages.length) break;
    first -= 1;
  }
  return messages.slice(first);
}

function toTurn({ role, text, imageUrl }: Turn): PromptTurn {
  return imageUrl === null ? { role, text } : { role, text, imageUrl };
}
