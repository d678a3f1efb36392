import type { Prompt, Provider, ProviderEvent } from '../provider.ts';
import { estimatePrompt, estimateTokens } from './estimate-tokens.ts';
import type { Usage } from './usage.ts';

/** No answer costs more: a larger number is an AI's mistake, and not every database has room for it. */
const mostTokens = 1_000_000_000;

/** Notes of one answer who gives it, when its first text came, and what it costs. */
export class AnswerMeter {
  /** The AI that was asked, or that answers in its place; null as long as none was. */
  answeredBy: { provider: string; model: string } | null = null;
  firstTextAt: Date | null = null;

  readonly #clock: () => Date;
  #prompt: Prompt | undefined;
  #told: Usage | undefined;
  /** Whether others are before it, so that it has not reached the AI. */
  #isWaiting = false;

  constructor(clock: () => Date) {
    this.#clock = clock;
  }

  /** From here on the prompt may cost something. */
  ask({ name, model }: Pick<Provider, 'name' | 'model'>, prompt: Prompt): void {
    this.answeredBy = { provider: name, model };
    this.#prompt = prompt;
  }

  note(event: ProviderEvent): void {
    if (event.type === 'waiting') this.#isWaiting = event.position > 0;
    if (event.type === 'text-delta') this.firstTextAt ??= this.#clock();
    if (event.type === 'answered-by') this.answeredBy = { provider: event.provider, model: event.model };
    if (event.type !== 'usage') return;
    const { promptTokens, completionTokens, estimated = false } = event;
    this.#told = {
      promptTokens: Math.min(promptTokens, mostTokens),
      completionTokens: Math.min(completionTokens, mostTokens),
      estimated,
    };
  }

  /** What it cost: as the AI counts, else by estimate. Null where nobody was asked yet, or who was asked failed without a word. */
  usage({ said, failed }: { said: string; failed: boolean }): Usage | null {
    if (this.#told) return this.#told;
    if (!this.#prompt || this.#isWaiting || (failed && said === '')) return null;
    return {
      promptTokens: estimatePrompt(this.#prompt),
      completionTokens: Math.ceil(estimateTokens(said)),
      estimated: true,
    };
  }
}
