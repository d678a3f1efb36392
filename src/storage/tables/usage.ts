import type { UsageTable } from '../../core/usage/usage-table.ts';
import type { NodeId } from '../../core/replies/reply.ts';
import type { DailyLimits, HeldUsage, Taken, UsageSum } from '../../core/usage/usage.ts';
import type { Day } from '../../core/usage/utc-day.ts';
import type { UserId } from '../../core/users/user.ts';
import type { Access } from '../engines/engine.ts';
import { prepared, type Placeholders } from '../prepare.ts';
import type { Builder, Schema } from '../schema.ts';

type Place = { user_id: number; day: string };
type Limited = Schema['allowances'] & { most_tokens: number; most_replies: number };

/** What stands for no limit: the largest that every engine takes. */
const most = { tokens: Number.MAX_SAFE_INTEGER, replies: 2 ** 31 - 1 };

export const usageQueries = (builder: Builder) => ({
  add: prepared((p: Placeholders<Schema['usage_days']>) =>
    builder
      .updateTable('usage_days')
      .set((row) => ({
        replies: row('replies', '+', p('replies')),
        prompt_tokens: row('prompt_tokens', '+', p('prompt_tokens')),
        completion_tokens: row('completion_tokens', '+', p('completion_tokens')),
        duration_ms: row('duration_ms', '+', p('duration_ms')),
      }))
      .where('user_id', '=', p('user_id'))
      .where('day', '=', p('day'))
      .where('provider', '=', p('provider'))
      .where('model', '=', p('model')),
  ),
  begin: prepared((p: Placeholders<Schema['usage_days']>) =>
    builder.insertInto('usage_days').values({
      user_id: p('user_id'),
      day: p('day'),
      provider: p('provider'),
      model: p('model'),
      replies: p('replies'),
      prompt_tokens: p('prompt_tokens'),
      completion_tokens: p('completion_tokens'),
      duration_ms: p('duration_ms'),
    }),
  ),
  list: prepared((p: Placeholders<{ user_id: number; from: string; to: string }>) =>
    builder
      .selectFrom('usage_days')
      .selectAll()
      .where('user_id', '=', p('user_id'))
      .where('day', '>=', p('from'))
      .where('day', '<=', p('to'))
      .orderBy('day')
      .orderBy('provider')
      .orderBy('model'),
  ),
  taken: prepared((p: Placeholders<Place>) =>
    builder
      .selectFrom('allowances')
      .select(['tokens', 'replies'])
      .where('user_id', '=', p('user_id'))
      .where('day', '=', p('day')),
  ),
  take: prepared((p: Placeholders<Limited>) =>
    builder
      .updateTable('allowances')
      .set((row) => ({
        tokens: row('tokens', '+', p('tokens')),
        replies: row('replies', '+', p('replies')),
      }))
      .where('user_id', '=', p('user_id'))
      .where('day', '=', p('day'))
      .where('tokens', '<=', p('most_tokens'))
      .where('replies', '<=', p('most_replies')),
  ),
  open: prepared((p: Placeholders<Schema['allowances']>) =>
    builder.insertInto('allowances').values({
      user_id: p('user_id'),
      day: p('day'),
      tokens: p('tokens'),
      replies: p('replies'),
    }),
  ),
  hold: prepared((p: Placeholders<Schema['held_usage']>) =>
    builder.insertInto('held_usage').values({
      uuid: p('uuid'),
      node_id: p('node_id'),
      user_id: p('user_id'),
      day: p('day'),
      tokens: p('tokens'),
    }),
  ),
  release: prepared((p: Placeholders<{ uuid: string }>) =>
    builder.deleteFrom('held_usage').where('uuid', '=', p('uuid')),
  ),
  orphans: prepared((p: Placeholders<{ limit: number }>) =>
    builder
      .selectFrom('held_usage')
      .selectAll()
      .where((held) =>
        held.not(
          held.exists(
            held
              .selectFrom('nodes')
              .select('nodes.id as node')
              .whereRef('nodes.id', '=', 'held_usage.node_id'),
          ),
        ),
      )
      .orderBy('uuid')
      .limit(p('limit')),
  ),
  before: prepared((p: Placeholders<{ day: string; limit: number }>) =>
    builder.selectFrom('allowances').select(['user_id', 'day']).where('day', '<', p('day')).limit(p('limit')),
  ),
  remove: prepared((p: Placeholders<Place>) =>
    builder.deleteFrom('allowances').where('user_id', '=', p('user_id')).where('day', '=', p('day')),
  ),
});

/** What users asked of the AIs, and what they may still ask for. */
export class StoredUsage implements UsageTable {
  readonly #access: Access;
  readonly #queries: ReturnType<typeof usageQueries>;

  constructor(access: Access, queries: ReturnType<typeof usageQueries>) {
    this.#access = access;
    this.#queries = queries;
  }

  // No engine's own way to do both at once: each has another, and the lock keeps whoever could come between out.
  async add(userId: UserId, sum: UsageSum): Promise<void> {
    const values = {
      user_id: userId,
      day: sum.day,
      provider: sum.provider,
      model: sum.model,
      replies: sum.replies,
      prompt_tokens: sum.promptTokens,
      completion_tokens: sum.completionTokens,
      duration_ms: sum.durationMs,
    };
    await this.#access.write(async (connection) => {
      const changed = await connection.run(this.#queries.add, values);
      if (changed === 0) await connection.run(this.#queries.begin, values);
    });
  }

  async list(userId: UserId, { from, to }: { from: Day; to: Day }): Promise<UsageSum[]> {
    const rows = await this.#access.all(this.#queries.list, { user_id: userId, from, to });
    return rows.map((row) => ({
      day: row.day as Day,
      provider: row.provider,
      model: row.model,
      replies: row.replies,
      promptTokens: row.prompt_tokens,
      completionTokens: row.completion_tokens,
      durationMs: row.duration_ms,
    }));
  }

  async taken(userId: UserId, day: Day): Promise<Taken> {
    const row = await this.#access.one(this.#queries.taken, { user_id: userId, day });
    return row ?? { tokens: 0, replies: 0 };
  }

  async take(
    userId: UserId,
    day: Day,
    { amount, limits }: { amount: Taken; limits: DailyLimits },
  ): Promise<boolean> {
    const place = { user_id: userId, day };
    const left = {
      most_tokens: (limits.tokens ?? most.tokens) - amount.tokens,
      most_replies: (limits.replies ?? most.replies) - amount.replies,
    };
    if (left.most_tokens < 0 || left.most_replies < 0) return false;
    return this.#access.write(async (connection) => {
      const changed = await connection.run(this.#queries.take, { ...place, ...amount, ...left });
      if (changed === 1) return true;
      if (await connection.one(this.#queries.taken, place)) return false;
      await connection.run(this.#queries.open, { ...place, ...amount });
      return true;
    });
  }

  async correct(userId: UserId, day: Day, change: Taken): Promise<void> {
    const place = { user_id: userId, day };
    await this.#access.write(async (connection) => {
      const taken = await connection.one(this.#queries.taken, place);
      if (!taken) return;
      // What a count below nothing would mean, nobody knows; it cannot come about but by hand.
      const tokens = Math.max(change.tokens, -taken.tokens);
      const replies = Math.max(change.replies, -taken.replies);
      const unlimited = { most_tokens: most.tokens, most_replies: most.replies };
      await connection.run(this.#queries.take, { ...place, tokens, replies, ...unlimited });
    });
  }

  async hold({ nodeId, userId, ...held }: HeldUsage): Promise<void> {
    const values = { ...held, node_id: nodeId, user_id: userId };
    await this.#access.write((connection) => connection.run(this.#queries.hold, values));
  }

  async release(uuid: string): Promise<boolean> {
    return (await this.#access.write((connection) => connection.run(this.#queries.release, { uuid }))) === 1;
  }

  async orphans(limit: number): Promise<HeldUsage[]> {
    const rows = await this.#access.all(this.#queries.orphans, { limit });
    return rows.map(({ uuid, node_id, user_id, day, tokens }) => ({
      uuid,
      nodeId: node_id as NodeId,
      userId: user_id as UserId,
      day: day as Day,
      tokens,
    }));
  }

  async purge(before: Day, limit: number): Promise<number> {
    return this.#access.write(async (connection) => {
      const old = await connection.all(this.#queries.before, { day: before, limit });
      for (const place of old) await connection.run(this.#queries.remove, place);
      return old.length;
    });
  }
}
