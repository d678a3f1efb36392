import { commitChanges } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import type { Actor } from '../ports.ts';
import { findMessage } from './find-message.ts';
import type { DeliveryStatus, Message, MessageKey } from './message.ts';

const order: Record<DeliveryStatus, number> = { sent: 0, delivered: 1, read: 2 };

export type DeliverMessage = { key: MessageKey; status: DeliveryStatus };

/** Moves a message's delivery forward and tells the user's devices; backwards changes nothing. @throws DomainError `message-not-found` */
export async function deliverMessage(
  deps: CoreDependencies,
  actor: Actor,
  { key, status }: DeliverMessage,
): Promise<Message> {
  const known = await findMessage(deps.store, actor, key);
  // Most of the time several devices report the same: that costs a read only.
  if (order[known.delivery] >= order[status]) return known;
  return commitChanges(deps, actor.userId, async (tables, record) => {
    const message = await findMessage(tables, actor, key);
    if (order[message.delivery] >= order[status]) return message;
    await tables.messages.update(message.id, { delivery: status, at: message.updatedAt });
    const delivered = { ...message, delivery: status };
    record({ type: 'message-delivered', message: delivered });
    return delivered;
  });
}
