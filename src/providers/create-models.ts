import type { Models, OfferedModel } from '../core/models.ts';
import type { Log } from '../core/ports.ts';
import type { Provider } from '../core/provider.ts';
import { realSurroundings, type ProviderSettings } from './define-provider.ts';
import { AskQueue, type QueueSettings } from './guard/ask-queue.ts';
import { type BreakerSettings, CircuitBreaker } from './guard/circuit-breaker.ts';
import { fallBack } from './guard/fall-back.ts';
import { guardProvider } from './guard/guard-provider.ts';
import type { Guard } from './guard/watch-question.ts';
import { createProvider, type ProviderName } from './index.ts';
import { findOllama } from './ollama/find-ollama.ts';

/** The AIs that an operator offers, each with its model, and how they are asked. */
export type ModelSettings = {
  /** Who answers where nobody chose. */
  standard: ProviderSettings;
  /** Who else may be chosen. */
  others: readonly ProviderSettings[];
  /** Who is asked in their order when one fails before its first text. */
  fallbacks: readonly ProviderSettings[];
  /** An Ollama that may run beside this server is found by itself; undefined where nobody is to look. */
  ollama:
    | {
        settings: ProviderSettings;
        /** Whether its first model answers where nobody chose. */ isStandard: boolean;
      }
    | undefined;
  /** For each provider, whatever its models. */
  breaker: BreakerSettings;
  queue: QueueSettings;
};

/** The AIs of a server, and what each has to do at this moment. */
export type WatchedModels = Models & {
  load(): { provider: ProviderName; asking: number; waiting: number; isLeftAlone: boolean }[];
};

/** The AIs that chats may choose among. Connects to nothing yet. @throws TypeError when a base URL is none */
export function createModels(
  { standard, others, fallbacks, ollama, breaker, queue }: ModelSettings,
  { log, surroundings = realSurroundings }: { log?: Log; surroundings?: typeof realSurroundings } = {},
): WatchedModels {
  const guards = new Map<ProviderName, Guard>();
  const guarded = new Map<string, Provider>();
  const open = (settings: ProviderSettings): Provider => {
    const name = nameOf(settings);
    const known = guarded.get(name);
    if (known) return known;
    const guard = guards.get(settings.provider) ?? {
      breaker: new CircuitBreaker(breaker, () => performance.now()),
      queue: new AskQueue(queue),
    };
    guards.set(settings.provider, guard);
    const provider = guardProvider(createProvider(settings, surroundings), guard);
    guarded.set(name, provider);
    return provider;
  };

  const inReserve = fallbacks.map(open);
  const offer = (settings: ProviderSettings): OfferedModel => ({
    name: nameOf(settings),
    provider: fallBack(open(settings), inReserve, log),
  });
  let first = offer(standard);
  const offered = new Map([first, ...others.map(offer)].map((one) => [one.name, one]));
  const found = new Map<string, OfferedModel>();
  let lookedAt = Number.NEGATIVE_INFINITY;

  const look = async () => {
    if (!ollama || performance.now() - lookedAt < lookAgainMs) return;
    lookedAt = performance.now();
    const running = await findOllama(ollama.settings, surroundings);
    for (const { id: model } of running ?? []) {
      const one = { ...ollama.settings, model };
      if (!found.has(nameOf(one))) found.set(nameOf(one), offer(one));
    }
  };
  return {
    get standard() {
      return first;
    },
    find: (name) => offered.get(name) ?? found.get(name),
    async look() {
      await look();
      const [running] = found.values();
      if (!running || ollama?.isStandard !== true) return;
      // It stands in for the built-in responder, which stays there to be chosen.
      first = running;
    },
    async list() {
      await look();
      return [...new Map([[first.name, first], ...offered, ...found]).values()];
    },
    load: () =>
      [...guards].map(([provider, { queue, breaker }]) => ({
        provider,
        asking: queue.asking,
        waiting: queue.waiting,
        isLeftAlone: breaker.isOpen,
      })),
    async close() {
      for (const provider of guarded.values()) await provider.close();
    },
  };
}

/** How soon it is worth while to look for an Ollama again. */
const lookAgainMs = 10_000;

/** What an AI is chosen by. */
const nameOf = ({ provider, model }: ProviderSettings): string =>
  model === '' ? provider : `${provider}:${model}`;
