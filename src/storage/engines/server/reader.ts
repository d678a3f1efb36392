import type { Query } from '../../prepare.ts';
import type { Reading } from '../engine.ts';
import { ServerFailure, translate } from './failure.ts';
import type { SessionPool } from './session-pool.ts';

/** Reads what is committed, each statement by itself. One whose connection breaks, or whose schema has changed, is tried once more. */
export class ServerReader implements Reading {
  readonly #pool: SessionPool;

  constructor(pool: SessionPool) {
    this.#pool = pool;
  }

  async all<Values, Row>(query: Query<Values, Row>, values: Values): Promise<Row[]> {
    const parameters = query.bind(values);
    const read = async () => {
      const session = await this.#pool.acquire();
      try {
        return await session.all<Row>(query.sql, parameters);
      } finally {
        this.#pool.release(session);
      }
    };
    try {
      return await read().catch((error: unknown) => {
        if (error instanceof ServerFailure && worthAnother.has(error.kind)) return read();
        throw error;
      });
    } catch (error) {
      throw translate(error);
    }
  }

  async one<Values, Row>(query: Query<Values, Row>, values: Values): Promise<Row | undefined> {
    return (await this.all(query, values))[0];
  }
}

const worthAnother: ReadonlySet<ServerFailure['kind']> = new Set(['lost', 'outdated', 'conflict']);
