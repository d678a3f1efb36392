import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '../../../core/errors.ts';
import type { Query } from '../../prepare.ts';
import type { Reading, Soon } from '../engine.ts';
import { isBusy } from './errors.ts';
import type { SqliteHandle } from './handle.ts';

const maxBusyMs = 2_000;

/**
 * Reads what is committed: on the writer while it has no transaction open, else on a connection of its own. The writer's cache knows
 * what it wrote; another connection drops its cache at each commit, which makes a read cost one and a half times as much.
 *
 * A reader waits for nobody in WAL mode but in rare moments (recovery, the last writer's farewell): those are retried.
 */
export class SqliteReader implements Reading {
  readonly #writer: SqliteHandle;
  readonly #reader: SqliteHandle;

  constructor(writer: SqliteHandle, reader: SqliteHandle) {
    this.#writer = writer;
    this.#reader = reader;
  }

  get #handle(): SqliteHandle {
    return this.#writer.isTransaction ? this.#reader : this.#writer;
  }

  all<Values, Row>(query: Query<Values, Row>, values: Values): Soon<Row[]> {
    try {
      return this.#handle.all(query, values);
    } catch (error) {
      return again(error, () => this.#handle.all(query, values));
    }
  }

  one<Values, Row>(query: Query<Values, Row>, values: Values): Soon<Row | undefined> {
    try {
      return this.#handle.one(query, values);
    } catch (error) {
      return again(error, () => this.#handle.one(query, values));
    }
  }
}

const isBusyUnderneath = (error: unknown): boolean => error instanceof DomainError && isBusy(error.cause);

const again = async <Result>(first: unknown, read: () => Result): Promise<Result> => {
  const deadline = performance.now() + maxBusyMs;
  let error = first;
  while (isBusyUnderneath(error) && performance.now() < deadline) {
    await pause(1 + Math.random() * 10);
    try {
      return read();
    } catch (next) {
      error = next;
    }
  }
  throw error;
};
