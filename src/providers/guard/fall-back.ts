import { DomainError } from '../../core/errors.ts';
import type { Log } from '../../core/ports.ts';
import type { Prompt, PromptTurn, Provider, ProviderEvent } from '../../core/provider.ts';

/**
 * Asks an AI, and where it fails before its first text, the next ones in their order. Once there is text, a failure is a failure: a reply
 * is never patched together from two AIs. Says who answers where it is not the one that was asked.
 */
export function fallBack(first: Provider, others: readonly Provider[], log?: Log): Provider {
  const all = [first, ...others.filter((other) => other !== first)];
  if (all.length === 1) return first;
  return {
    name: first.name,
    get model() {
      return first.model;
    },
    // Whoever comes to answer is given what it can take.
    seesImages: all.some(({ seesImages }) => seesImages),
    mayBeBlind: all.some(({ seesImages }) => !seesImages),
    needsImageBytes: all.some(({ needsImageBytes }) => needsImageBytes === true),
    wantsFirstName: all.some(({ wantsFirstName }) => wantsFirstName === true),
    models: (signal) => first.models(signal),
    stream: (prompt, signal) => streamFirst({ all, prompt, log }, signal),
    close: () => first.close(),
  };
}

type Asking = { all: readonly Provider[]; prompt: Prompt; log: Log | undefined };

async function* streamFirst(
  { all, prompt, log }: Asking,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  for (const [index, provider] of all.entries()) {
    let hasBegun = false;
    try {
      if (index > 0) yield { type: 'answered-by', provider: provider.name, model: provider.model };
      for await (const event of provider.stream(promptFor(provider, prompt), signal)) {
        hasBegun ||= event.type !== 'waiting';
        yield event;
      }
      // One that ends without a word has failed as well as one that throws.
      if (hasBegun || signal.aborted || index === all.length - 1) return;
    } catch (thrown) {
      if (hasBegun || signal.aborted || index === all.length - 1) throw thrown;
      const { code } = DomainError.from(thrown);
      log?.warn({ code, provider: provider.name }, 'an AI failed, the next one is asked');
    }
  }
}

/** What one of them is asked: no image goes to one that does not see, and no word of blindness to one that does. */
function promptFor({ seesImages }: Provider, prompt: Prompt): Prompt {
  if (prompt.turns.every(({ unseen }) => unseen === undefined)) return prompt;
  return { ...prompt, turns: prompt.turns.map((turn) => turnFor(seesImages, turn)) };
}

function turnFor(seesImages: boolean, { unseen, ...turn }: PromptTurn): PromptTurn {
  if (seesImages || unseen === undefined) return turn;
  const { role, text, imageUrls = [] } = turn;
  // Some answer that an image came which they cannot see: they are told that there was one, and nothing of it.
  return {
    role,
    text: text === '' ? unseen : `${text}\n\n${unseen}`,
    imageUrls: imageUrls.map(() => hidden),
  };
}

/** An image of nothing. */
const hidden = 'data:,';
