import { DomainError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { Models } from '../models.ts';
import { requireUnicode } from '../unicode-text.ts';
import type { ChatSettings } from './chat.ts';

const hottest = 2;

/**
 * The settings among an input, as they are stored: a temperature in thousandths, an empty prompt as none.
 * @throws DomainError `model-not-offered`, `field-invalid`, `text-not-unicode`
 */
export function checkChatSettings(
  input: Partial<ChatSettings>,
  { limits, models }: { limits: Limits; models: Models },
): Partial<ChatSettings> {
  const { model, systemPrompt, temperature, maxOutputTokens } = input;
  if (typeof model === 'string' && !models.find(model)) throw new DomainError('model-not-offered');
  if (typeof temperature === 'number' && !(temperature >= 0 && temperature <= hottest))
    throw invalid('temperature', 'must be between 0 and 2');
  if (typeof maxOutputTokens === 'number' && !isCount(maxOutputTokens))
    throw invalid('max_output_tokens', 'must be a whole number between 1 and 10000000');
  return {
    ...(model === undefined ? {} : { model }),
    ...(systemPrompt === undefined ? {} : { systemPrompt: checkPrompt(systemPrompt, limits) }),
    ...(temperature === undefined ? {} : { temperature: toThousandths(temperature) }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  };
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 10_000_000;

const toThousandths = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 1000) / 1000;

function checkPrompt(prompt: string | null, limits: Limits): string | null {
  if (prompt === null || prompt.trim() === '') return null;
  if (prompt.length > limits.systemPromptLength) throw invalid('system_prompt', 'is too long');
  return requireUnicode(prompt, 'system_prompt');
}

const invalid = (field: string, problem: string) =>
  new DomainError('field-invalid', { details: [{ field, problem }] });
