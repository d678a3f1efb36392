import type { Twig } from '../store.ts';
import type { MessageActivity, MessageId } from './message.ts';

export type PlanSwitch = {
  /** All messages of a chat after one that is on both branches, ascending. */
  twigs: readonly Twig[];
  /** That one; null for the beginning of the chat. */
  after: MessageId | null;
  /** What the branch goes through: one of the twigs, or `after`. */
  through: MessageId | null;
  /** The branch ends there; else it goes on with what followed last. */
  isEnd: boolean;
};
export type SwitchPlan = {
  /** The branch after `after`, first to last. */
  branch: readonly Twig[];
  /** The messages whose activity changes, by what it becomes. */
  changes: Readonly<Record<MessageActivity, readonly MessageId[]>>;
};

/** Which messages come and go when another branch is shown. */
export function planSwitch({ twigs, after, through, isEnd }: PlanSwitch): SwitchPlan {
  const tree = new Tree(twigs);
  const branch = tree.pathTo(through);
  if (!isEnd) branch.push(...tree.following(through));
  const shown = new Set<MessageId | null>([after, ...branch.map(({ id }) => id)]);
  const changes: Record<MessageActivity, MessageId[]> = { active: [], resting: [], inactive: [] };
  for (const twig of twigs) {
    const becomes = shown.has(twig.id) ? 'active' : whenLeft(twig, shown.has(twig.parentId));
    if (becomes !== twig.activity) changes[becomes].push(twig.id);
  }
  return { branch, changes };
}

/** What leaves right beside the branch is outdone there; what followed it rests until that one comes back. */
function whenLeft({ activity }: Twig, isBeside: boolean): MessageActivity {
  if (isBeside) return 'inactive';
  return activity === 'active' ? 'resting' : activity;
}

class Tree {
  readonly #twigs = new Map<MessageId | null, Twig>();
  readonly #followers = new Map<MessageId | null, Twig>();

  constructor(twigs: readonly Twig[]) {
    for (const twig of twigs) {
      this.#twigs.set(twig.id, twig);
      // Of several only the newest is not deleted, if any is: what was sent after that follows the same turn.
      if (twig.activity !== 'inactive') this.#followers.set(twig.parentId, twig);
    }
  }

  pathTo(id: MessageId | null): Twig[] {
    const path: Twig[] = [];
    for (let twig = this.#twigs.get(id); twig; twig = this.#twigs.get(twig.parentId)) path.push(twig);
    return path.toReversed();
  }

  /** What followed a message last, and that, to the end. */
  following(id: MessageId | null): Twig[] {
    const path: Twig[] = [];
    for (let twig = this.#followers.get(id); twig; twig = this.#followers.get(twig.id)) path.push(twig);
    return path;
  }
}
