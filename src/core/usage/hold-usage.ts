import type { CoreDependencies } from '../dependencies.ts';
import type { Tables } from '../store.ts';
import { uuidv7 } from '../uuidv7.ts';
import type { Reservation } from './reserve-usage.ts';
import { type Settle, settleUsage } from './settle-usage.ts';
import type { HeldUsage } from './usage.ts';
import { utcDay } from './utc-day.ts';

/** What was reserved for an answer that is stored nowhere, by whom it is remembered that it was; null where nothing was. */
export type Held = HeldUsage | null;

type Hold = Pick<HeldUsage, 'nodeId' | 'userId'> & { reserved: Reservation; at: Date };

/** Remembers a reservation in the name of this process, in the transaction that made it: what a process holds that dies comes back. */
export async function holdUsage(tables: Tables, { reserved, at, nodeId, userId }: Hold): Promise<Held> {
  if (reserved === null) return null;
  const held = { uuid: uuidv7(at), nodeId, userId, day: utcDay(at), tokens: reserved };
  await tables.usage.hold(held);
  return held;
}

/** `settleUsage` for what was held. Where it went back already, because this process was taken for dead, the answer is added anew. */
export async function settleHeld(
  tables: Tables,
  { held, ...settle }: Omit<Settle, 'reserved'> & { held: Held },
): Promise<void> {
  const isHeld = held !== null && (await tables.usage.release(held.uuid));
  await settleUsage(tables, { ...settle, reserved: isHeld ? held.tokens : null });
  const { usage, userId } = settle;
  if (!held || isHeld || !usage) return;
  await tables.usage.correct(userId, held.day, {
    tokens: usage.promptTokens + usage.completionTokens,
    replies: 1,
  });
}

/** Gives back what dead processes held, so much at a time; returns how much that was. What their questions cost nobody knows. */
export async function releaseOrphans(
  { store }: Pick<CoreDependencies, 'store'>,
  limit: number,
): Promise<number> {
  const orphans = await store.usage.orphans(limit);
  for (const { uuid, userId, day, tokens } of orphans)
    await store.transaction(async (tables) => {
      await tables.feed.lock(userId);
      if (await tables.usage.release(uuid))
        await tables.usage.correct(userId, day, { tokens: -tokens, replies: -1 });
    });
  return orphans.length;
}
