import type { MessageId, MessageRole } from '../../src/core/messages/message.ts';

type Said = { id: MessageId; role: MessageRole; text: string };
type Turn = Said & { parent: MessageId | null; isDeleted: boolean };

/** A chat as a plain tree, where each turn points at what followed it last: what the core does with rows and flags. */
export class ChatModel {
  readonly #turns: Turn[] = [];
  readonly #next = new Map<MessageId | null, MessageId>();

  /** Adds what was said after a turn, and shows it. What was not said is the end of the branch there. */
  add(parent: MessageId | null, said: Said | undefined): void {
    if (parent !== null) this.activate(parent);
    if (!said) return void this.#next.delete(parent);
    this.#turns.push({ ...said, parent, isDeleted: false });
    this.#next.set(parent, said.id);
  }

  remove(id: MessageId): void {
    const turn = this.find(id);
    if (turn) turn.isDeleted = true;
  }

  activate(id: MessageId): void {
    for (let turn = this.find(id); turn; turn = this.find(turn.parent)) this.#next.set(turn.parent, turn.id);
  }

  find(id: MessageId | null | undefined): Turn | undefined {
    return this.#turns.find((turn) => turn.id === id);
  }

  living(): Turn[] {
    return this.#turns.filter(({ isDeleted }) => !isDeleted);
  }

  shown(): Turn[] {
    const branch: Turn[] = [];
    let turn = this.find(this.#next.get(null));
    for (; turn; turn = this.find(this.#next.get(turn.id))) if (!turn.isDeleted) branch.push(turn);
    return branch;
  }

  /** What a new message follows. */
  end(): MessageId | null {
    return this.shown().at(-1)?.id ?? null;
  }

  /** Which of how many versions a turn is. */
  versionOf({ id, parent, role }: Turn): [number, number] {
    const versions = this.living().filter((turn) => turn.parent === parent && turn.role === role);
    return [versions.findIndex((turn) => turn.id === id) + 1, versions.length];
  }
}
