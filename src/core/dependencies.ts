import type { Limits } from './limits.ts';
import type { Fanout, Files, Log, PasswordHasher, TokenSigner } from './ports.ts';
import type { Store } from './store.ts';
import type { Provider } from './provider.ts';
import type { GuessLimits } from './users/guess-limits.ts';

/** How long logins live, in milliseconds. */
export type Lifetimes = {
  accessLifetimeMs: number;
  pairAccessLifetimeMs: number;
  refreshLifetimeMs: number;
  cookieLifetimeMs: number;
};

/** What stands above and before the user's words in a prompt. */
export type PromptSettings = {
  system: string;
  /** Earlier turns that go along, at most. */
  historyTurns: number;
  /** Tokens that earlier turns may take, at most; counted as four characters a token. */
  historyTokens: number;
};

/** Everything from outside that the core works with. */
export type CoreDependencies = {
  store: Store;
  files: Files;
  provider: Provider;
  fanout: Fanout;
  passwords: PasswordHasher;
  tokens: TokenSigner;
  clock: () => Date;
  log: Log;
  limits: Limits;
  /** How often passwords can be guessed; without it, as often as anybody likes. */
  guesses?: GuessLimits;
  lifetimes: Lifetimes;
  prompt: PromptSettings;
  /** A process that gives no sign for so long is taken for dead, and its replies are ended by another. */
  leaseMs: number;
};
