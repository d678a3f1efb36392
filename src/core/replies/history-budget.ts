import type { PromptSettings } from '../dependencies.ts';
import type { Prompt, PromptTurn } from '../provider.ts';
import { estimatePrompt, estimateTurn } from '../usage/estimate-tokens.ts';

/** Of what a model holds, this part is kept for its answer where nothing says how long that may be. */
const answerShare = 1 / 4;

/** What the turns may take: as much as is set, and no more than the model holds beside its answer and what stands around the turns. */
export function historyBudget(
  { historyTokens, contextTokens, maxOutputTokens }: PromptSettings,
  { besides, longest }: { besides: number; longest: number | null },
): number {
  if (contextTokens === undefined) return historyTokens;
  const answer = longest ?? maxOutputTokens ?? contextTokens * answerShare;
  return Math.min(historyTokens, contextTokens - answer - besides);
}

/** What the words of files may take, in tokens, beside all that is in a prompt already. */
export function roomForFiles(settings: PromptSettings, prompt: Prompt): number {
  const { historyTokens, contextTokens } = settings;
  if (contextTokens === undefined) return historyTokens;
  const besides = estimatePrompt(prompt);
  return Math.max(0, historyBudget(settings, { besides, longest: prompt.maxOutputTokens ?? null }));
}

/** The newest turns that fit; the very newest always does, for it is the question. */
export function withinBudget(turns: readonly PromptTurn[], tokens: number): PromptTurn[] {
  let left = tokens;
  let first = turns.length;
  for (const turn of turns.toReversed()) {
    left -= estimateTurn(turn);
    if (left < 0 && first < turns.length) break;
    first -= 1;
  }
  return turns.slice(first);
}
