import type { Kysely, RawBuilder, SelectQueryBuilder } from 'kysely';
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

/** How a query of a transaction keeps what it reads as it is until the commit. Where writers are alone anyway, it adds nothing. */
export interface RowLocks {
  /** Other transactions that lock or change the row wait. */
  own<DB, TB extends keyof DB, O>(query: SelectQueryBuilder<DB, TB, O>): SelectQueryBuilder<DB, TB, O>;
  /** Other transactions that remove the row wait; those that do the same do not. */
  keep<DB, TB extends keyof DB, O>(query: SelectQueryBuilder<DB, TB, O>): SelectQueryBuilder<DB, TB, O>;
}

/** In what the SQL of databases differs. */
export interface SqlTraits {
  /** Builds queries in the database's own SQL; nothing runs through it. */
  readonly builder: Builder;
  readonly locks: RowLocks;
  /** Ends an insert: of a row that is there already, by its key, one column is written over. */
  readonly overwriting: (key: readonly string[], column: string) => RawBuilder<unknown>;
  /** Whether an ordered `union all` with a limit walks the indexes of both sides side by side, or reads both to the end and sorts. */
  readonly mergesUnions: boolean;
  /** Whether rows that an index finds with a column that is null are known to come in the order of the next column. */
  readonly ordersPastNull: boolean;
  readonly moving: MovingSql;
}

/** What is asked of a database when all of it moves elsewhere. */
export interface MovingSql {
  /** The highest id that a table ever gave out; 0 for none. */
  highestId(reading: Reading, table: string): Promise<number>;
  /** Has a table give out higher ids than one, which is the highest that it gave out or above that. */
  raiseIds(table: string, above: number): readonly string[];
  /** Counts a table for the planner, where the engine would otherwise only do it some time after so many rows came. */
  countForPlans(table: string): readonly string[];
  /** Selects `others`: how many other connections of programs there are; undefined where connections are not counted. */
  readonly countOthers: string | undefined;
}

/** Makes changes of the schema one after the other, while no other process does. */
export interface SchemaChanges {
  readonly database: Kysely<never>;
  readonly types: ColumnTypes;
  /**
   * Makes one named change, and then `finish` notes that it is made. Where the database cannot take a change of its schema back, one
   * that broke off goes on at the statement where it did; elsewhere nothing is left of it.
   */
  make(
    name: string,
    change: (database: Kysely<never>) => Promise<void>,
    finish: (database: Kysely<never>) => Promise<void>,
  ): Promise<void>;
}

/** A database. Everything in which databases differ is here and in `ColumnTypes`. */
export interface Engine extends SqlTraits {
  readonly name: EngineName;
  /** Sees only what is committed. */
  readonly reader: Reading;
  /** Runs `work` in a transaction; durable when it resolves. */
  write<Result>(work: (connection: Connection) => Soon<Result>): Promise<Result>;
  /** Runs `work`, which changes the schema, while no other process does the same; all or nothing where DDL can be rolled back. */
  migrate<Result>(work: (changes: SchemaChanges) => Promise<Result>): Promise<Result>;
  /** Runs `work` on one state of everything, whatever is written meanwhile, for as long as it takes. */
  snapshot<Result>(work: (reading: Reading) => Promise<Result>): Promise<Result>;
  /** Runs `work` in one transaction that may take its time, while no other work writes; durable when it resolves. */
  rewrite<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>;
  /** What of the server's settings endangers what was committed, in sentences for the operator. */
  warnings(): Promise<string[]>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What a second row under a unique constraint means. */
export const takenBy: Readonly<Record<string, ErrorCode>> = {
  users_username_key_unique: 'username-taken',
  users_email_key_unique: 'email-taken',
  idempotency_keys_key: 'request-in-flight',
};

/** How an engine over a server deals with its connections. */
export type ServerOptions = {
  /** How many there may be at the most. */
  poolSize: number;
  /** How long a statement may run. */
  statementTimeoutMs: number;
};

/** A database that cannot be opened, in one sentence for the operator. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}
