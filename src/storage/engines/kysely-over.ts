import {
  Kysely,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import type { Builder } from '../schema.ts';

/** How Kysely writes the SQL of one kind of database. */
export type Flavour = Pick<Dialect, 'createAdapter' | 'createIntrospector' | 'createQueryCompiler'>;

/** Runs one statement and gives its rows. */
export type Run = (sql: string, parameters: readonly unknown[]) => Promise<unknown[]>;

/** Kysely over one connection, for migrations: the queries of the tables do not pass here. */
class RunDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(run: Run) {
    this.#connection = new RunConnection(run);
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

class RunConnection implements DatabaseConnection {
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return { rows: (await this.#run(query.sql, query.parameters)) as Row[] };
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Migrations do not stream');
  }
}

/** Runs what it is told. */
export const kyselyOver = (flavour: Flavour, run: Run): Kysely<never> =>
  new Kysely<never>({ dialect: { ...flavour, createDriver: () => new RunDriver(run) } });

/** Only builds SQL. */
export const kyselyThatCompiles = (flavour: Flavour): Builder => {
  const refuse = async () => {
    throw new Error('This builder compiles queries; the engine runs them');
  };
  return new Kysely({ dialect: { ...flavour, createDriver: () => new RunDriver(refuse) } });
};
