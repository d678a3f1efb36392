import type { FinishReason } from '../../core/provider.ts';

/** What we read of a vendor's chunk (or whole answer); any field may be missing, null or of another kind. */
export type VendorChunk = {
  error?: unknown;
  choices?: readonly VendorChoice[] | null;
  usage?: { prompt_tokens?: unknown; completion_tokens?: unknown } | null;
};
type VendorChoice = {
  delta?: VendorDelta | null;
  message?: VendorDelta | null;
  finish_reason?: unknown;
} | null;
type VendorDelta = { content?: unknown; refusal?: unknown; reasoning_content?: unknown; reasoning?: unknown };

export type ReadChoice = {
  text: string;
  /** Whether the model produced something, shown or not. */
  isToken: boolean;
  /** Whether the chunk is one of this protocol at all. */
  isKnown: boolean;
  finishReason: FinishReason | undefined;
  usage: { promptTokens: number; completionTokens: number } | undefined;
};

/** Takes the text, the end and the counts out of a chunk. A model's hidden reasoning is not part of its answer. */
export const readChoice = ({ choices, usage }: VendorChunk): ReadChoice => {
  const choice = Array.isArray(choices) ? (choices[0] as VendorChoice | undefined) : undefined;
  const delta = choice?.delta ?? choice?.message;
  const text = textOf(delta?.content) || textOf(delta?.refusal);
  const reason = choice?.finish_reason;
  return {
    text,
    isToken: text !== '' || isText(delta?.reasoning_content) || isText(delta?.reasoning),
    isKnown: Array.isArray(choices),
    finishReason: isText(reason) ? (finishReasons.get(reason) ?? 'other') : undefined,
    usage: readUsage(usage),
  };
};

const finishReasons: ReadonlyMap<unknown, FinishReason> = new Map([
  ['stop', 'stop'],
  ['eos', 'stop'],
  ['length', 'length'],
  ['content_filter', 'content-filter'],
]);

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** A string, or the list of parts that some vendors send. */
const textOf = (content: unknown): string => {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: { type?: unknown; text?: unknown } | null) =>
      part?.type === 'text' && typeof part.text === 'string' ? part.text : '',
    )
    .join('');
};

const readUsage = (usage: VendorChunk['usage']): ReadChoice['usage'] => {
  const promptTokens = usage?.prompt_tokens;
  const completionTokens = usage?.completion_tokens;
  return isCount(promptTokens) && isCount(completionTokens) ? { promptTokens, completionTokens } : undefined;
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
