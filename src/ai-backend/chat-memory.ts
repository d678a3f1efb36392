import type { PromptTurn } from '../core/provider.ts';

export type MemoryLimits = {
  /** Chats that are remembered; the one that was quiet for longest goes first. */
  chats: number;
  /** Of all chats together, in UTF-16 code units. */
  characters: number;
  /** Turns of one chat; the oldest go first. */
  turnsPerChat: number;
  /** Of one chat, in UTF-16 code units; what was said last stays, however long. */
  charactersPerChat: number;
  /** How long a quiet chat is remembered. */
  quietMs: number;
};

type Remembered = {
  turns: PromptTurn[];
  characters: number;
  quietSince: number;
  brokeOff: string | undefined;
};

/** Whose chat it is. */
export type ChatKey = { userId: string; chatId: string };
export type Said = { question: string; answer: string; isComplete: boolean };

/** What was said in the chats of all users, in memory only and bounded in every direction. */
export class ChatMemory {
  readonly #chats = new Map<string, Remembered>();
  readonly #limits: MemoryLimits;
  readonly #now: () => Date;
  #characters = 0;

  constructor(limits: MemoryLimits, now: () => Date) {
    this.#limits = limits;
    this.#now = now;
  }

  get size(): { chats: number; characters: number } {
    return { chats: this.#chats.size, characters: this.#characters };
  }

  /** What was said before a question, oldest first. A question that is asked again because its answer broke off is not said before itself. */
  recall(key: ChatKey, question: string): readonly PromptTurn[] {
    this.#forgetQuiet();
    const chat = this.#chats.get(nameOf(key));
    if (chat === undefined) return [];
    return chat.brokeOff === question ? beforeLast(chat.turns) : chat.turns;
  }

  /** Remembers a question and as much of an answer as there was. */
  keep(key: ChatKey, { question, answer, isComplete }: Said): void {
    const name = nameOf(key);
    const before = this.recall(key, question);
    this.#forget(name);
    const said: PromptTurn[] = [{ role: 'user', text: question }];
    if (answer !== '') said.push({ role: 'assistant', text: answer });
    const turns = this.#withinLimits([...before, ...said], said.length);
    if (turns.length === 0) return;
    const characters = countCharacters(turns);
    const brokeOff = isComplete ? undefined : question;
    this.#chats.set(name, { turns, characters, quietSince: this.#now().getTime(), brokeOff });
    this.#characters += characters;
    const { chats, characters: most } = this.#limits;
    while (this.#chats.size > chats || this.#characters > most) this.#forget(this.#oldest());
  }

  #withinLimits(turns: PromptTurn[], newest: number): PromptTurn[] {
    const { turnsPerChat, charactersPerChat } = this.#limits;
    let first = Math.max(0, turns.length - turnsPerChat);
    let characters = countCharacters(turns.slice(first));
    while (characters > charactersPerChat && first < turns.length - newest) {
      characters -= turns[first]?.text.length ?? 0;
      first += 1;
    }
    return turns.slice(first);
  }

  #forgetQuiet(): void {
    const since = this.#now().getTime() - this.#limits.quietMs;
    for (const [name, { quietSince }] of this.#chats) {
      if (quietSince > since) return;
      this.#forget(name);
    }
  }

  #forget(name: string | undefined): void {
    if (name === undefined) return;
    this.#characters -= this.#chats.get(name)?.characters ?? 0;
    this.#chats.delete(name);
  }

  /** A Map keeps the order of insertion, and what is said moves its chat to the young end. */
  #oldest(): string | undefined {
    return this.#chats.keys().next().value;
  }
}

const nameOf = ({ userId, chatId }: ChatKey): string => JSON.stringify([userId, chatId]);

const countCharacters = (turns: readonly PromptTurn[]): number =>
  turns.reduce((sum, { text }) => sum + text.length, 0);

/** Without the newest question and what followed it. */
const beforeLast = (turns: readonly PromptTurn[]): readonly PromptTurn[] =>
  turns.slice(
    0,
    turns.findLastIndex(({ role }) => role === 'user'),
  );
