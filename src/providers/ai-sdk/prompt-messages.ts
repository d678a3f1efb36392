import type { LanguageModelV3FilePart, LanguageModelV3Message } from '@ai-sdk/provider';
import type { Prompt, PromptTurn } from '../../core/provider.ts';
import { createConversation } from '../conversation.ts';

/** A prompt in the words of the AI SDK. */
export const createPromptMessages = (prompt: Prompt, seesImages: boolean): LanguageModelV3Message[] => [
  ...(prompt.system === '' ? [] : [{ role: 'system' as const, content: prompt.system }]),
  ...createConversation(prompt).map((turn) => createMessage(turn, seesImages)),
];

const createMessage = (
  { role, text, imageUrls = [] }: PromptTurn,
  seesImages: boolean,
): LanguageModelV3Message => {
  const texts = [{ type: 'text' as const, text }];
  if (role === 'assistant' || imageUrls.length === 0 || !seesImages) return { role, content: texts };
  return { role, content: [...(text === '' ? [] : texts), ...imageUrls.map(createImage)] };
};

/** The bytes where the URL holds them; else the URL, for the vendor to fetch. */
const createImage = (url: string): LanguageModelV3FilePart => {
  const [, mediaType, data] = /^data:(image\/[\w.+-]+);base64,(.+)$/s.exec(url) ?? [];
  return mediaType === undefined || data === undefined
    ? { type: 'file', mediaType: 'image/*', data: new URL(url) }
    : { type: 'file', mediaType, data };
};
