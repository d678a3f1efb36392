import type { NodeBeat, NodeTable } from '../../core/store.ts';
import type { NodeId } from '../../core/replies/reply.ts';
import type { Access, SqlTraits } from '../engines/engine.ts';
import { prepared, type Placeholders } from '../prepare.ts';

export const nodeQueries = ({ builder, locks }: SqlTraits) => ({
  insert: prepared((p: Placeholders<{ id: string; at: number }>) =>
    builder.insertInto('nodes').values({ id: p('id'), beat_at: p('at') }),
  ),
  beat: prepared((p: Placeholders<{ id: string; at: number }>) =>
    builder
      .updateTable('nodes')
      .set({ beat_at: p('at') })
      .where('id', '=', p('id')),
  ),
  holds: prepared((p: Placeholders<{ id: string }>) =>
    locks.keep(builder.selectFrom('nodes').select('beat_at').where('id', '=', p('id'))),
  ),
  list: prepared(() => builder.selectFrom('nodes').select(['id', 'beat_at'])),
  remove: prepared((p: Placeholders<{ id: string }>) =>
    builder.deleteFrom('nodes').where('id', '=', p('id')),
  ),
  removeSilent: prepared((p: Placeholders<{ id: string; at: number }>) =>
    builder.deleteFrom('nodes').where('id', '=', p('id')).where('beat_at', '=', p('at')),
  ),
});

/** The living processes. */
export class StoredNodes implements NodeTable {
  readonly #access: Access;
  readonly #queries: ReturnType<typeof nodeQueries>;

  constructor(access: Access, queries: ReturnType<typeof nodeQueries>) {
    this.#access = access;
    this.#queries = queries;
  }

  async insert(id: NodeId, at: Date): Promise<void> {
    const values = { id, at: at.getTime() };
    await this.#access.write((connection) => connection.run(this.#queries.insert, values));
  }

  async beat(id: NodeId, at: Date): Promise<boolean> {
    const values = { id, at: at.getTime() };
    return (await this.#access.write((connection) => connection.run(this.#queries.beat, values))) === 1;
  }

  async holds(id: NodeId): Promise<boolean> {
    return (await this.#access.one(this.#queries.holds, { id })) !== undefined;
  }

  async list(): Promise<NodeBeat[]> {
    const rows = await this.#access.all(this.#queries.list, {});
    return rows.map(({ id, beat_at }) => ({ id: id as NodeId, beatAt: new Date(beat_at) }));
  }

  async remove(id: NodeId): Promise<boolean> {
    return (await this.#access.write((connection) => connection.run(this.#queries.remove, { id }))) === 1;
  }

  async removeSilent({ id, beatAt }: NodeBeat): Promise<boolean> {
    const values = { id, at: beatAt.getTime() };
    return (
      (await this.#access.write((connection) => connection.run(this.#queries.removeSilent, values))) === 1
    );
  }
}
