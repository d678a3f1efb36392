import type { CoreDependencies } from '../dependencies.ts';
import { chosenModel } from '../models.ts';
import type { Tables } from '../store.ts';
import { estimatePrompt, estimateTokens } from '../usage/estimate-tokens.ts';
import type { Usage } from '../usage/usage.ts';
import { buildPrompt } from './build-prompt.ts';
import type { Reply } from './reply.ts';

/**
 * What an open reply has cost, for whoever ends it without being its writer: an estimate by its prompt and its stored text. Null where it
 * waits, so that nobody was asked.
 */
export async function usageSoFar(
  deps: Pick<CoreDependencies, 'models' | 'prompt'>,
  tables: Tables,
  { reply, text }: { reply: Reply; text: string },
): Promise<Usage | null> {
  if (reply.state === 'waiting') return null;
  const chat = await tables.chats.find(reply.userId, reply.chatId);
  const { provider } = chosenModel(deps.models, chat);
  // The stored text of a reply that continues another begins with that one's: it counts once, whichever side it is on.
  const prompt = await buildPrompt(
    { store: tables, prompt: deps.prompt },
    { reply, chat, provider, continues: '' },
  );
  return {
    promptTokens: estimatePrompt(prompt),
    completionTokens: Math.ceil(estimateTokens(text)),
    estimated: true,
  };
}
