import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import { checkMessage } from '../messages/check-message.ts';
import type { Actor } from '../ports.ts';
import { toUnicode } from '../unicode-text.ts';

export type AskOnce = { text: string; imageUrl?: string };

/** Asks the AI outside any chat and stores nothing. @throws DomainError `text-*`, `images-unsupported`, `ai-*`; an AbortError when the signal aborts */
export async function askOnce(
  deps: CoreDependencies,
  actor: Actor,
  { input, signal }: { input: AskOnce; signal: AbortSignal },
): Promise<string> {
  const { provider, limits, prompt } = deps;
  // An image is handed to the provider and not kept, so it may be larger than one in a message.
  checkMessage({ text: input.text, imageUrl: input.imageUrl ? 'given' : null }, limits);
  const turn = { role: 'user' as const, text: input.text };
  const turns = [input.imageUrl === undefined ? turn : { ...turn, imageUrl: input.imageUrl }];
  const parts: string[] = [];
  let length = 0;
  let finished = false;
  const question = { system: prompt.system, turns, userId: String(actor.userId), chatId: '0' };
  for await (const event of provider.stream(question, signal)) {
    if (event.type === 'finish') finished = true;
    if (event.type !== 'text-delta') continue;
    length += event.text.length;
    if (length > limits.replyLength) throw new DomainError('ai-answer-unreadable');
    parts.push(event.text);
  }
  signal.throwIfAborted();
  if (!finished) throw new DomainError('ai-broke-off');
  if (length === 0) throw new DomainError('ai-answer-empty');
  return toUnicode(parts.join(''));
}
