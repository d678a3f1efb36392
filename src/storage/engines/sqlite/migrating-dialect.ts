import {
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import type { Builder } from '../../schema.ts';
import type { SqliteHandle } from './handle.ts';

/** Kysely over one connection, for migrations: the queries of the tables do not pass here. */
class HandleDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(handle: SqliteHandle | undefined) {
    this.#connection = new HandleConnection(handle);
  }

  async init(): Promise<void> {
    // The connection is open already.
  }
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }
  async beginTransaction(): Promise<void> {
    throw new Error('Migrations run inside a transaction already');
  }
  async commitTransaction(): Promise<void> {
    throw new Error('Migrations run inside a transaction already');
  }
  async rollbackTransaction(): Promise<void> {
    throw new Error('Migrations run inside a transaction already');
  }
  async releaseConnection(): Promise<void> {
    // There is only one.
  }
  async destroy(): Promise<void> {
    // The engine closes it.
  }
}

class HandleConnection implements DatabaseConnection {
  readonly #handle: SqliteHandle | undefined;

  constructor(handle: SqliteHandle | undefined) {
    this.#handle = handle;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    if (!this.#handle) throw new Error('This builder compiles queries; the engine runs them');
    return { rows: this.#handle.once(query.sql, query.parameters) as Row[] };
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Migrations do not stream');
  }
}

const dialect = (handle: SqliteHandle | undefined): Dialect => ({
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => new HandleDriver(handle),
  createIntrospector: (database) => new SqliteIntrospector(database),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});

/** Runs what it is told on the connection. */
export const migratingKysely = (handle: SqliteHandle): Kysely<never> =>
  new Kysely<never>({ dialect: dialect(handle) });

/** Only builds SQL. */
export const compilingKysely = (): Builder => new Kysely({ dialect: dialect(undefined) });
