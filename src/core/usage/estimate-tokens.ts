import type { Prompt, PromptTurn } from '../provider.ts';

/** What stands around a turn: who speaks, and where it ends. */
const tokensAround = 4;
/** Vendors count between some eighty and two thousand for one, by its size. */
const tokensPerImage = 1_000;

/**
 * What one UTF-16 code unit weighs, in sixteenths of a token: fractions that add up exactly, however a text is cut. Tokenizers join
 * letters, and hardly anything else. What it is off by stands in docs/prompts.md.
 */
function weightOf(unit: number): number {
  if (unit >= 0x80) return unit < 0x250 ? 16 : unit < 0x800 ? 8 : unit < 0x1100 ? 11 : 16;
  if (unit >= 0x61 && unit <= 0x7a) return 4;
  if (unit >= 0x41 && unit <= 0x5a) return 5;
  if (unit >= 0x30 && unit <= 0x39) return 8;
  return unit === 0x20 ? 1 : 9;
}

/** How many tokens a text may be. An estimate, by its script, in sixteenths; whole ones are the AI's. */
export function estimateTokens(text: string): number {
  let weight = 0;
  for (let index = 0; index < text.length; index += 1) weight += weightOf(text.charCodeAt(index));
  return weight / 16;
}

/** How much of a text so many tokens are, in UTF-16 code units. */
export function unitsWithin(text: string, tokens: number): number {
  let left = tokens * 16;
  let index = 0;
  for (; index < text.length; index += 1) {
    left -= weightOf(text.charCodeAt(index));
    if (left < 0) break;
  }
  return index;
}

/** How many tokens a turn may be, with what stands around it. */
export const estimateTurn = ({ text, imageUrls = [] }: Pick<PromptTurn, 'text' | 'imageUrls'>): number =>
  tokensAround + estimateTokens(text) + imageUrls.length * tokensPerImage;

/** How many tokens a prompt may be. */
export function estimatePrompt({
  system,
  turns,
  continues = '',
}: Pick<Prompt, 'system' | 'turns' | 'continues'>): number {
  let tokens = estimateTokens(system) + estimateTokens(continues);
  for (const turn of turns) tokens += estimateTurn(turn);
  return Math.ceil(tokens);
}
