import type { CoreDependencies } from '../dependencies.ts';
import { checkMessage } from '../messages/check-message.ts';
import { checkPictures } from '../messages/check-pictures.ts';
import type { Actor } from '../ports.ts';
import { askAside } from './ask-aside.ts';
import type { ReplyWriters } from './reply-writers.ts';
import { roomForFiles } from './history-budget.ts';
import { showFiles } from './show-files.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };
export type AskOnce = { text: string; imageUrl?: string };

/**
 * Asks the AI outside any chat and stores nothing but what it cost.
 * @throws DomainError `text-*`, `images-unsupported`, `daily-limit-reached`, `ai-*`; an AbortError when the signal aborts
 */
export async function askOnce(
  deps: Deps,
  { userId }: Actor,
  { input: { text, imageUrl }, signal }: { input: AskOnce; signal: AbortSignal },
): Promise<string> {
  // An image is handed to the provider and not kept, so it may be larger than one in a message.
  checkMessage({ text, imageUrl: imageUrl ? 'given' : null }, deps.limits);
  if (imageUrl !== undefined) await checkPictures(deps, { imageUrl });
  const turn = { role: 'user' as const, text };
  const turns = [imageUrl === undefined ? turn : { ...turn, imageUrls: [imageUrl] }];
  const { provider } = deps.models.standard;
  const asked = { system: deps.prompt.system, turns, userId: String(userId), chatId: '0' };
  const tokens = roomForFiles(deps.prompt, asked);
  const question = await showFiles(deps, { prompt: asked, userId, provider, tokens, signal });
  return askAside(deps, { userId, provider, question, signal });
}
