import type { Prompt, PromptTurn } from '../../core/provider.ts';
import { createConversation } from '../conversation.ts';

export type ChatBodyOptions = {
  model: string;
  maxOutputTokens: number | undefined;
  /** Which field the server reads the limit from: OpenAI's newer models refuse the old one, other servers know only it. */
  limitField: 'max_tokens' | 'max_completion_tokens';
  temperature: number | undefined;
  seesImages: boolean;
  asksUsage: boolean;
};

/** The vendor's request for a prompt, as JSON text. */
export const createChatBody = (prompt: Prompt, options: ChatBodyOptions): string =>
  JSON.stringify({
    model: options.model,
    messages: [...createMessages(prompt, options.seesImages)],
    stream: true,
    stream_options: options.asksUsage ? { include_usage: true } : undefined,
    [options.limitField]: prompt.maxOutputTokens ?? options.maxOutputTokens,
    temperature: prompt.temperature ?? options.temperature,
  });

function* createMessages(prompt: Prompt, seesImages: boolean): Generator<object> {
  if (prompt.system !== '') yield { role: 'system', content: prompt.system };
  for (const turn of createConversation(prompt)) yield createMessage(turn, seesImages);
}

const createMessage = ({ role, text, imageUrls = [] }: PromptTurn, seesImages: boolean): object => {
  if (imageUrls.length === 0 || !seesImages) return { role, content: text };
  const images = imageUrls.map((url) => ({ type: 'image_url', image_url: { url } }));
  return { role, content: text === '' ? images : [{ type: 'text', text }, ...images] };
};
