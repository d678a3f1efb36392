import type { Selectable } from 'kysely';
import type { SessionTable, SessionWithUser } from '../../core/store.ts';
import type { Session, SessionId, SessionUuid } from '../../core/sessions/session.ts';
import type { UserId } from '../../core/users/user.ts';
import type { Access, Connection, SqlTraits } from '../engines/engine.ts';
import { prepared, preparedPatch, preparedSet, type Placeholders } from '../prepare.ts';
import type { Builder, Schema } from '../schema.ts';
import { patchColumns, toDate } from './columns.ts';
import { toUser } from './users.ts';

type SessionRow = Omit<Selectable<Schema['sessions']>, 'secret_hash'>;

const toSession = (row: SessionRow): Session => ({
  id: row.id as SessionId,
  uuid: row.uuid as SessionUuid,
  userId: row.user_id as UserId,
  kind: row.kind,
  generation: row.generation,
  usedGeneration: row.used_generation,
  createdAt: new Date(row.created_at),
  expiresAt: new Date(row.expires_at),
  lifetimeMs: row.lifetime_ms,
  endedAt: toDate(row.ended_at),
});

const columnOf: Record<keyof Parameters<SessionTable['update']>[1], keyof Schema['sessions']> = {
  generation: 'generation',
  usedGeneration: 'used_generation',
  expiresAt: 'expires_at',
};

type Insert = Omit<Schema['sessions'], 'id' | 'ended_at' | 'generation' | 'used_generation'>;

const withUser = (builder: Builder) =>
  builder
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select([
      'sessions.id',
      'sessions.uuid',
      'sessions.user_id',
      'sessions.kind',
      'sessions.generation',
      'sessions.used_generation',
      'sessions.created_at',
      'sessions.expires_at',
      'sessions.lifetime_ms',
      'sessions.ended_at',
      'users.uuid as user_uuid',
      'users.username',
      'users.email',
      'users.first_name',
      'users.role',
      'users.disabled_at',
      'users.created_at as user_created_at',
      'users.updated_at as user_updated_at',
    ]);

type SessionWithUserRow = Awaited<ReturnType<ReturnType<typeof withUser>['executeTakeFirstOrThrow']>>;

const toSessionWithUser = (row: SessionWithUserRow): SessionWithUser => ({
  session: toSession(row),
  user: toUser({
    id: row.user_id,
    uuid: row.user_uuid,
    username: row.username,
    email: row.email,
    first_name: row.first_name,
    role: row.role,
    disabled_at: row.disabled_at,
    created_at: row.user_created_at,
    updated_at: row.user_updated_at,
  }),
});

export const sessionQueries = ({ builder, locks }: SqlTraits) => ({
  insert: prepared((p: Placeholders<Insert>) =>
    builder.insertInto('sessions').values({
      uuid: p('uuid'),
      user_id: p('user_id'),
      kind: p('kind'),
      secret_hash: p('secret_hash'),
      generation: 0,
      used_generation: 0,
      created_at: p('created_at'),
      expires_at: p('expires_at'),
      lifetime_ms: p('lifetime_ms'),
    }),
  ),
  lock: prepared((p: Placeholders<{ uuid: string }>) =>
    locks.own(builder.selectFrom('sessions').select('id').where('uuid', '=', p('uuid'))),
  ),
  findByUuid: prepared((p: Placeholders<{ uuid: string }>) =>
    withUser(builder).where('sessions.uuid', '=', p('uuid')),
  ),
  findBySecret: prepared((p: Placeholders<{ secret_hash: string }>) =>
    withUser(builder).where('sessions.secret_hash', '=', p('secret_hash')),
  ),
  patch: preparedPatch((set, id) => builder.updateTable('sessions').set(set).where('id', '=', id)),
  end: prepared((p: Placeholders<{ id: number; ended_at: number }>) =>
    builder
      .updateTable('sessions')
      .set({ ended_at: p('ended_at') })
      .where('id', '=', p('id'))
      .where('ended_at', 'is', null),
  ),
  living: prepared((p: Placeholders<{ user_id: number; except: number }>) =>
    builder
      .selectFrom('sessions')
      .select('id')
      .where('user_id', '=', p('user_id'))
      .where('ended_at', 'is', null)
      .where('id', '<>', p('except'))
      .orderBy('id'),
  ),
  livingBeyond: prepared((p: Placeholders<{ user_id: number; left: number; limit: number }>) =>
    builder
      .selectFrom('sessions')
      .select('id')
      .where('user_id', '=', p('user_id'))
      .where('ended_at', 'is', null)
      .orderBy('id', 'desc')
      .limit(p('limit'))
      .offset(p('left')),
  ),
  endedSince: prepared((p: Placeholders<{ ended_at: number }>) =>
    builder.selectFrom('sessions').select('id').where('ended_at', '>=', p('ended_at')),
  ),
  endedBefore: prepared((p: Placeholders<{ before: number; limit: number }>) =>
    builder.selectFrom('sessions').select('id').where('ended_at', '<', p('before')).limit(p('limit')),
  ),
  expiredBefore: prepared((p: Placeholders<{ before: number; limit: number }>) =>
    builder.selectFrom('sessions').select('id').where('expires_at', '<', p('before')).limit(p('limit')),
  ),
  remove: preparedSet((items: Placeholders<{ id: number }>[]) =>
    builder.deleteFrom('sessions').where(
      'id',
      'in',
      items.map((p) => p('id')),
    ),
  ),
});

/** More than one only where many were opened before there was a bound. */
const endedAtOnce = 100;

/** The logins. */
export class StoredSessions implements SessionTable {
  readonly #access: Access;
  readonly #queries: ReturnType<typeof sessionQueries>;

  constructor(access: Access, queries: ReturnType<typeof sessionQueries>) {
    this.#access = access;
    this.#queries = queries;
  }

  async insert(session: Parameters<SessionTable['insert']>[0]): Promise<Session> {
    const expiresAt = new Date(session.at.getTime() + session.lifetimeMs);
    const values = {
      uuid: session.uuid,
      user_id: session.userId,
      kind: session.kind,
      secret_hash: session.secretHash,
      created_at: session.at.getTime(),
      expires_at: expiresAt.getTime(),
      lifetime_ms: session.lifetimeMs,
    };
    const id = await this.#access.write((connection) => connection.insert(this.#queries.insert, values));
    return {
      id: id as SessionId,
      uuid: session.uuid,
      userId: session.userId,
      kind: session.kind,
      generation: 0,
      usedGeneration: 0,
      createdAt: session.at,
      expiresAt,
      lifetimeMs: session.lifetimeMs,
      endedAt: null,
    };
  }

  async lock(uuid: SessionUuid): Promise<void> {
    await this.#access.one(this.#queries.lock, { uuid });
  }

  async find(uuid: SessionUuid): Promise<SessionWithUser | undefined> {
    const row = await this.#access.one(this.#queries.findByUuid, { uuid });
    return row && toSessionWithUser(row);
  }

  async findBySecret(secretHash: string): Promise<SessionWithUser | undefined> {
    const row = await this.#access.one(this.#queries.findBySecret, { secret_hash: secretHash });
    return row && toSessionWithUser(row);
  }

  async update(id: SessionId, patch: Parameters<SessionTable['update']>[1]): Promise<void> {
    const set = patchColumns(patch, columnOf);
    if (Object.keys(set).length === 0) return;
    await this.#access.write((connection) => connection.run(this.#queries.patch(set), { ...set, id }));
  }

  async end(id: SessionId, at: Date): Promise<boolean> {
    const values = { id, ended_at: at.getTime() };
    return (await this.#access.write((connection) => connection.run(this.#queries.end, values))) === 1;
  }

  async endAll(userId: UserId, except: SessionId | null, at: Date): Promise<SessionId[]> {
    return this.#access.write(async (connection) => {
      const living = await connection.all(this.#queries.living, { user_id: userId, except: except ?? 0 });
      return this.#endEach(connection, living, at);
    });
  }

  async endOldest(userId: UserId, left: number, at: Date): Promise<SessionId[]> {
    return this.#access.write(async (connection) => {
      const beyond = { user_id: userId, left, limit: endedAtOnce };
      return this.#endEach(connection, await connection.all(this.#queries.livingBeyond, beyond), at);
    });
  }

  async #endEach(connection: Connection, rows: readonly { id: number }[], at: Date): Promise<SessionId[]> {
    for (const { id } of rows) await connection.run(this.#queries.end, { id, ended_at: at.getTime() });
    return rows.map(({ id }) => id as SessionId);
  }

  async endedSince(at: Date): Promise<SessionId[]> {
    const rows = await this.#access.all(this.#queries.endedSince, { ended_at: at.getTime() });
    return rows.map(({ id }) => id as SessionId);
  }

  async purge(before: Date, limit: number): Promise<number> {
    return this.#access.write(async (connection) => {
      const cut = { before: before.getTime(), limit };
      const ended = await connection.all(this.#queries.endedBefore, cut);
      const expired = await connection.all(this.#queries.expiredBefore, cut);
      const ids = [...new Set([...ended, ...expired].map(({ id }) => id))].slice(0, limit);
      for (const { query, items } of this.#queries.remove.pieces(ids.map((id) => ({ id }))))
        await connection.run(query, items);
      return ids.length;
    });
  }
}
