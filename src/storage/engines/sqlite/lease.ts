import type { Query } from '../../prepare.ts';
import type { Connection, Soon } from '../engine.ts';
import type { SqliteHandle } from './handle.ts';

/** The writer, lent to one work: worth nothing once the work has ended. */
export class SqliteLease implements Connection {
  #handle: SqliteHandle | undefined;
  #wrote = false;

  constructor(handle: SqliteHandle) {
    this.#handle = handle;
  }

  all<Values, Row>(query: Query<Values, Row>, values: Values): Row[] {
    return this.#open().all(query, values);
  }

  one<Values, Row>(query: Query<Values, Row>, values: Values): Row | undefined {
    return this.#open().one(query, values);
  }

  run<Values>(query: Query<Values, unknown>, values: Values): number {
    const changed = this.#open().run(query, values);
    this.#wrote = true;
    return changed;
  }

  insert<Values>(query: Query<Values, unknown>, values: Values): number {
    const key = this.#open().insert(query, values);
    this.#wrote = true;
    return key;
  }

  /** Whether there is anything to undo: a statement that failed has changed nothing. */
  get wrote(): boolean {
    return this.#wrote;
  }

  write<Result>(work: (connection: Connection) => Soon<Result>): Soon<Result> {
    return work(this);
  }

  end(): void {
    this.#handle = undefined;
  }

  #open(): SqliteHandle {
    if (this.#handle) return this.#handle;
    throw new Error('The tables of a transaction were used after its work had ended');
  }
}
