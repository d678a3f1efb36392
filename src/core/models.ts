import type { Chat } from './chats/chat.ts';
import type { Provider } from './provider.ts';

/** One AI that may be chosen, by its name: `provider:model`, or the provider alone where it has but one model. */
export type OfferedModel = { name: string; provider: Provider };

/** The AIs that chats may choose among. */
export interface Models {
  /** Who answers where nobody chose. */
  readonly standard: OfferedModel;
  /** Undefined where it is not offered, or no longer. */
  find(name: string): OfferedModel | undefined;
  /** Looks for AIs that can be found without being named, before anybody asks. Never rejects. */
  look(): Promise<void>;
  /** What may be chosen, the standard first. */
  list(): Promise<readonly OfferedModel[]>;
  /** Ends idle connections. */
  close(): Promise<void>;
}

/** Who answers in a chat: its own choice while that is offered, else the standard. */
export const chosenModel = (models: Models, chat: Pick<Chat, 'model'> | undefined): OfferedModel =>
  models.find(chat?.model ?? models.standard.name) ?? models.standard;

/** No choice: one AI for everything. */
export function onlyModel(provider: Provider): Models {
  const standard = { name: provider.name, provider };
  return {
    standard,
    find: (name) => (name === standard.name ? standard : undefined),
    look: async () => undefined,
    list: async () => [standard],
    close: () => provider.close(),
  };
}
