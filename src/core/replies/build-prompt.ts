import type { CoreDependencies } from '../dependencies.ts';
import type { Chat } from '../chats/chat.ts';
import type { Prompt, Provider } from '../provider.ts';
import type { Tables } from '../store.ts';
import { estimateTokens } from '../usage/estimate-tokens.ts';
import { historyBudget, withinBudget } from './history-budget.ts';
import { toPromptTurn } from './to-prompt-turn.ts';
import type { Reply } from './reply.ts';

type BuildPrompt = {
  reply: Pick<Reply, 'chatId' | 'userId' | 'messageId'>;
  /** Undefined where it has just been removed. */
  chat: Chat | undefined;
  provider: Provider;
  /** The start of the answer, already shown. */
  continues: string;
};

/** What the provider gets for a reply: the branch up to the message it answers, as much of it as the budget holds. */
export async function buildPrompt(
  { store, prompt }: { store: Tables } & Pick<CoreDependencies, 'prompt'>,
  { reply, chat, provider, continues }: BuildPrompt,
): Promise<Prompt> {
  const summary = (prompt.summarises && chat?.summary) || null;
  const page = { limit: prompt.historyTurns + 1, ...(summary ? { after: summary.upTo } : {}) };
  const earlier =
    reply.messageId === null
      ? []
      : await store.messages.turns(reply.chatId, { before: reply.messageId, ...page });
  const { systemPrompt = null, temperature = null, maxOutputTokens = null } = chat ?? {};
  const user = provider.wantsFirstName ? await store.users.find(reply.userId) : undefined;
  const firstName = user?.firstName ?? '';
  const note = summary ? `What was said before, in short:\n${summary.text}` : '';
  const system = [prompt.system, systemPrompt ?? '', note].filter((text) => text !== '').join('\n\n');
  const besides = estimateTokens(system) + estimateTokens(continues);
  const budget = historyBudget(prompt, { besides, longest: maxOutputTokens });
  return {
    system,
    turns: withinBudget(earlier.map(toPromptTurn), budget),
    ...(continues === '' ? {} : { continues }),
    ...(temperature === null ? {} : { temperature }),
    ...(maxOutputTokens === null ? {} : { maxOutputTokens }),
    userId: String(reply.userId),
    chatId: String(reply.chatId),
    ...(firstName === '' ? {} : { firstName }),
  };
}
