import type { Chat } from '../chats/chat.ts';
import { keepSummary } from '../chats/keep-summary.ts';
import type { RecordChange } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import type { ChatPatch, Tables } from '../store.ts';
import type { MessageId } from './message.ts';
import { newest } from './newest.ts';
import { planSwitch } from './plan-switch.ts';

type SwitchBranch = {
  chat: Chat;
  /** What the branch goes through; null for the beginning of the chat. */
  through: MessageId | null;
  /** Whether that is on the branch that is shown. */
  isActive: boolean;
  /** The branch ends there; else it goes on with what followed last. */
  isEnd: boolean;
};

/** Shows another branch of a chat, in the caller's transaction. Gives the chat as it is then; nothing to change changes nothing. */
export async function switchBranch(
  { clock }: Pick<CoreDependencies, 'clock'>,
  { tables, record }: { tables: Tables; record: RecordChange },
  { chat, through, isActive, isEnd }: SwitchBranch,
): Promise<Chat> {
  // What is before an active message stays: a chat that parts near its end is not read as a whole.
  const after = isActive ? through : null;
  const twigs = await tables.messages.twigs(chat.id, after);
  const { branch, changes } = planSwitch({ twigs, after, through, isEnd });
  const { active, resting, inactive } = changes;
  if (active.length + resting.length + inactive.length === 0) return chat;
  await tables.messages.setActivity(active, 'active');
  await tables.messages.setActivity(resting, 'resting');
  await tables.messages.setActivity(inactive, 'inactive');

  const kept = branch.findLast(({ activity }) => activity === 'active')?.id ?? after;
  const living = twigs.filter(({ isBuried }) => !isBuried);
  const left = living.filter(({ activity }) => activity === 'active').length;
  const come = branch.filter(({ isBuried }) => !isBuried).length;
  const patch: ChatPatch = {
    messageCount: Math.max(0, chat.messageCount - left + come),
    updatedAt: clock(),
    ...(await newest(tables, await tables.messages.last(chat.id))),
    ...keepSummary(chat, ((kept ?? 0) + 1) as MessageId),
  };
  await tables.chats.update(chat.id, patch);
  const switched = { ...chat, ...patch };
  // Who listens knows nothing of a message that was deleted: the one before it stands for it.
  const [common] =
    kept === null
      ? []
      : await tables.messages.list(chat.id, { before: (kept + 1) as MessageId, limit: 1, newest: true });
  record({ type: 'branch-switched', chat: switched, after: common?.uuid ?? null });
  return switched;
}
