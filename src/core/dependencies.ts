import type { Limits } from './limits.ts';
import type { UntoldChanges } from './feed/untold-changes.ts';
import type {
  Fanout,
  Files,
  Log,
  PasswordHasher,
  Pictures,
  RemoteImages,
  TextReader,
  TokenSigner,
} from './ports.ts';
import type { SearchIndexer } from './search/search-indexer.ts';
import type { Store } from './store.ts';
import type { Models } from './models.ts';
import type { GuessLimits } from './users/guess-limits.ts';
import type { VoiceService } from './voice/voice.ts';

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
  /** Tokens that earlier turns may take, at most, by estimate. */
  historyTokens: number;
  /** Tokens that the model holds at once, its answer included, where that is known. */
  contextTokens?: number;
  /** Whether what is dropped of a chat is told in short. */
  summarises?: boolean;
  /** Whether the AI names chats after their first answer. */
  namesChats?: boolean;
  /** The longest answer, in tokens; without it the model decides. */
  maxOutputTokens?: number;
};

/** Everything from outside that the core works with. */
export type CoreDependencies = {
  store: Store;
  files: Files;
  /** Without it no file's words are read. */
  texts?: TextReader;
  /** Without it images in messages are not looked at. */
  pictures?: Pictures;
  /** Without it nothing is fetched that a user names. */
  remoteImages?: RemoteImages;
  models: Models;
  /** What hears and speaks; without it nothing does. */
  voice?: VoiceService;
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
  /** Told of what was committed; without it, searches read beside the index what it lacks. */
  indexer?: Pick<SearchIndexer, 'note'>;
  /** Told of commits of which nobody knows whether they are done; without it, listeners hear of them with the next change. */
  untold?: Pick<UntoldChanges, 'note'>;
  /** A process that gives no sign for so long is taken for dead, and its replies are ended by another. */
  leaseMs: number;
};
