/**
 * One turn of the conversation. Images are `https:` or `data:` URLs; one that a provider cannot see is answered honestly, not passed
 * over.
 */
export type PromptTurn = {
  role: 'user' | 'assistant';
  text: string;
  imageUrls?: readonly string[];
  /** What is said of the images to those that do not see them; undefined where that is in the text already, or all see. */
  unseen?: string;
};

/** What a provider is asked to answer. The last turn is the user's, unless `continues` is set. */
export type Prompt = {
  /** Instructions that stand above the conversation; empty for none. */
  system: string;
  turns: readonly PromptTurn[];
  /** The start of the answer, already shown: the provider writes on from its last character. */
  continues?: string;
  /** How freely it chooses its words, from 0 to 2; undefined leaves it to the settings. */
  temperature?: number;
  /** The longest answer, in tokens; undefined leaves it to the settings. */
  maxOutputTokens?: number;
  /** Decimal ids, for providers that keep their own memory per user and chat. */
  userId: string;
  chatId: string;
  /** How the user likes to be called, for providers that want to know. */
  firstName?: string;
};

/** Why a provider ended its answer of its own accord. */
export type FinishReason = 'stop' | 'length' | 'content-filter' | 'other';

export type ProviderEvent =
  | { type: 'text-delta'; text: string }
  /** `estimated`: not counted by whoever answered. */
  | { type: 'usage'; promptTokens: number; completionTokens: number; estimated?: boolean }
  /** Before the first text: so many are before it, itself included, until the AI has room. 0: it is being asked now. */
  | { type: 'waiting'; position: number }
  /** Before the first text: another AI answers than the one that was asked. */
  | { type: 'answered-by'; provider: string; model: string }
  | { type: 'finish'; reason: FinishReason };

export type ModelInfo = { id: string };

/** An AI. A stream ends with one `finish`; one that ends without it has broken off, and is never taken as complete. */
export interface Provider {
  readonly name: string;
  /** The model that answers, as its vendor names it. */
  readonly model: string;
  readonly seesImages: boolean;
  /** Whether another may answer that does not see, where this one does: then prompts are to say what it is not shown. */
  readonly mayBeBlind?: boolean;
  /** Whether it takes images as `data:` URLs only, and fetches none. */
  readonly needsImageBytes?: boolean;
  /** Whether prompts are to carry the user's first name. */
  readonly wantsFirstName?: boolean;
  /** The models it offers. @throws DomainError `ai-*` when it cannot be asked. */
  models(signal?: AbortSignal): Promise<ModelInfo[]>;
  /** Aborting the signal ends the stream and closes its connection. @throws DomainError `ai-*` in the stream. */
  stream(prompt: Prompt, signal: AbortSignal): AsyncIterable<ProviderEvent>;
  /** Ends idle connections. */
  close(): Promise<void>;
}
