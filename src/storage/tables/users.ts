import type { NewUser, UserPatch, UserTable } from '../../core/store.ts';
import type { User, UserId, UserKey, UserUuid } from '../../core/users/user.ts';
import type { Selectable } from 'kysely';
import type { Access, SqlTraits } from '../engines/engine.ts';
import { prepared, preparedPatch, type Placeholders } from '../prepare.ts';
import type { Schema } from '../schema.ts';
import { patchColumns, toDate } from './columns.ts';

const columns = [
  'id',
  'uuid',
  'username',
  'email',
  'first_name',
  'role',
  'disabled_at',
  'created_at',
  'updated_at',
] as const;

type UserRow = Pick<Selectable<Schema['users']>, (typeof columns)[number]>;

export const toUser = (row: UserRow): User => ({
  id: row.id as UserId,
  uuid: row.uuid as UserUuid,
  username: row.username,
  email: row.email,
  firstName: row.first_name,
  role: row.role,
  disabledAt: toDate(row.disabled_at),
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
});

const columnOf: Record<keyof UserPatch, keyof Schema['users']> = {
  username: 'username',
  usernameKey: 'username_key',
  email: 'email',
  emailKey: 'email_key',
  firstName: 'first_name',
  role: 'role',
  passwordHash: 'password_hash',
  disabledAt: 'disabled_at',
};

type Insert = Omit<Schema['users'], 'id' | 'feed_position' | 'disabled_at' | 'updated_at'>;

export const userQueries = ({ builder, locks }: SqlTraits) => ({
  insert: prepared((p: Placeholders<Insert>) =>
    builder.insertInto('users').values({
      uuid: p('uuid'),
      username: p('username'),
      username_key: p('username_key'),
      email: p('email'),
      email_key: p('email_key'),
      first_name: p('first_name'),
      password_hash: p('password_hash'),
      role: p('role'),
      created_at: p('created_at'),
      updated_at: p('created_at'),
    }),
  ),
  lock: prepared((p: Placeholders<{ id: number }>) =>
    locks.own(builder.selectFrom('users').select('id').where('id', '=', p('id'))),
  ),
  findById: prepared((p: Placeholders<{ id: number }>) =>
    builder.selectFrom('users').select(columns).where('id', '=', p('id')),
  ),
  findByUuid: prepared((p: Placeholders<{ uuid: string }>) =>
    builder.selectFrom('users').select(columns).where('uuid', '=', p('uuid')),
  ),
  findByLogin: prepared((p: Placeholders<{ key: string }>) =>
    builder
      .selectFrom('users')
      .select(columns)
      .select('password_hash')
      .where((where) => where.or([where('username_key', '=', p('key')), where('email_key', '=', p('key'))])),
  ),
  passwordHash: prepared((p: Placeholders<{ id: number }>) =>
    builder.selectFrom('users').select('password_hash').where('id', '=', p('id')),
  ),
  list: prepared((p: Placeholders<{ after: number; limit: number }>) =>
    builder.selectFrom('users').select(columns).where('id', '>', p('after')).orderBy('id').limit(p('limit')),
  ),
  remove: prepared((p: Placeholders<{ id: number }>) =>
    builder.deleteFrom('users').where('id', '=', p('id')),
  ),
  patch: preparedPatch((set, id) => builder.updateTable('users').set(set).where('id', '=', id)),
});

/** The people. */
export class StoredUsers implements UserTable {
  readonly #access: Access;
  readonly #queries: ReturnType<typeof userQueries>;

  constructor(access: Access, queries: ReturnType<typeof userQueries>) {
    this.#access = access;
    this.#queries = queries;
  }

  async insert(user: NewUser): Promise<User> {
    const values = {
      uuid: user.uuid,
      username: user.username,
      username_key: user.usernameKey,
      email: user.email,
      email_key: user.emailKey,
      first_name: user.firstName,
      password_hash: user.passwordHash,
      role: user.role,
      created_at: user.at.getTime(),
    };
    const id = await this.#access.write((connection) => connection.insert(this.#queries.insert, values));
    return {
      id: id as UserId,
      uuid: user.uuid,
      username: user.username,
      email: user.email,
      firstName: user.firstName,
      role: user.role,
      disabledAt: null,
      createdAt: user.at,
      updatedAt: user.at,
    };
  }

  async lock(id: UserId): Promise<void> {
    await this.#access.one(this.#queries.lock, { id });
  }

  async find(key: UserKey): Promise<User | undefined> {
    const row = await (typeof key === 'number'
      ? this.#access.one(this.#queries.findById, { id: key })
      : this.#access.one(this.#queries.findByUuid, { uuid: key }));
    return row && toUser(row);
  }

  async findByLogin(loginKey: string): Promise<{ user: User; passwordHash: string } | undefined> {
    const row = await this.#access.one(this.#queries.findByLogin, { key: loginKey });
    return row && { user: toUser(row), passwordHash: row.password_hash };
  }

  async passwordHash(id: UserId): Promise<string | undefined> {
    return (await this.#access.one(this.#queries.passwordHash, { id }))?.password_hash;
  }

  async update(id: UserId, patch: UserPatch, at: Date): Promise<void> {
    const set = { ...patchColumns(patch, columnOf), updated_at: at.getTime() };
    await this.#access.write((connection) => connection.run(this.#queries.patch(set), { ...set, id }));
  }

  /** Chats, messages, replies, attachments, keys and changes go with it, by the foreign keys. */
  async remove(id: UserId): Promise<void> {
    await this.#access.write((connection) => connection.run(this.#queries.remove, { id }));
  }

  async list(page: { after: UserId | null; limit: number }): Promise<User[]> {
    const rows = await this.#access.all(this.#queries.list, { after: page.after ?? 0, limit: page.limit });
    return rows.map(toUser);
  }
}
