import type { Kysely } from 'kysely';
import type { ErrorCode } from '../../core/errors.ts';
import type { Query } from '../prepare.ts';
import type { Builder } from '../schema.ts';
import type { ColumnTypes } from '../migrations/column-types.ts';

/** SQLite answers at once, the others later; `await` takes both. */
export type Soon<Result> = Result | Promise<Result>;

/** What reads rows. Throws DomainErrors where the database is away, and the driver's own error where the query is wrong. */
export interface Reading {
  all<Values, Row>(query: Query<Values, Row>, values: Values): Soon<Row[]>;
  /** The first row. */
  one<Values, Row>(query: Query<Values, Row>, values: Values): Soon<Row | undefined>;
}

/** What tables are made on: inside a transaction its connection, outside one a reader that opens a transaction for each write. */
export interface Access extends Reading {
  write<Result>(work: (connection: Connection) => Soon<Result>): Soon<Result>;
}

/** One transaction. It is over when its work ends; using it afterwards throws. */
export interface Connection extends Access {
  /** How many rows it changed. */
  run<Values>(query: Query<Values, unknown>, values: Values): Soon<number>;
  /** The integer key of the row that an insert made. */
  insert<Values>(query: Query<Values, unknown>, values: Values): Soon<number>;
}

export type EngineName = 'sqlite' | 'postgres' | 'mysql';

/** A database. Everything in which databases differ is here and in `ColumnTypes`. */
export interface Engine {
  readonly name: EngineName;
  /** Builds queries in the database's own SQL; nothing runs through it. */
  readonly builder: Builder;
  /** Whether `for update` exists; where it does not, writers are alone anyway. */
  readonly rowLocks: boolean;
  readonly columnTypes: ColumnTypes;
  /** Sees only what is committed. */
  readonly reader: Reading;
  /** Runs `work` in a transaction; durable when it resolves. */
  write<Result>(work: (connection: Connection) => Soon<Result>): Promise<Result>;
  /** Runs `work`, whose statements change the schema, while no other process does the same; all or nothing where DDL can be rolled back. */
  migrate<Result>(work: (database: Kysely<never>) => Promise<Result>): Promise<Result>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What a second row with the same value in a unique column means. Engines report the columns as `table.column`. */
export const takenBy: Readonly<Record<string, ErrorCode>> = {
  'users.username_key': 'username-taken',
  'users.email_key': 'email-taken',
  'idempotency_keys.user_id': 'request-in-flight',
};

/** A database that cannot be opened, in one sentence for the operator. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}
