import type { Query, SqlValue } from '../../prepare.ts';
import type { Connection, Soon } from '../engine.ts';
import { ServerFailure } from './failure.ts';
import type { ServerSession } from './session.ts';

/** A session, lent to one work in a transaction: worth nothing once the work has ended. */
export class ServerLease implements Connection {
  #session: ServerSession | undefined;
  #failure: ServerFailure | undefined;

  constructor(session: ServerSession) {
    this.#session = session;
  }

  /** What the first statement that failed threw: from then on the transaction is worth nothing, whatever its work makes of it. */
  get failure(): ServerFailure | undefined {
    return this.#failure;
  }

  all<Values, Row>(query: Query<Values, Row>, values: Values): Promise<Row[]> {
    return this.#use((session, parameters) => session.all<Row>(query.sql, parameters), query.bind(values));
  }

  async one<Values, Row>(query: Query<Values, Row>, values: Values): Promise<Row | undefined> {
    return (await this.all(query, values))[0];
  }

  run<Values>(query: Query<Values, unknown>, values: Values): Promise<number> {
    return this.#use((session, parameters) => session.run(query.sql, parameters), query.bind(values));
  }

  insert<Values>(query: Query<Values, unknown>, values: Values): Promise<number> {
    return this.#use((session, parameters) => session.insert(query.sql, parameters), query.bind(values));
  }

  write<Result>(work: (connection: Connection) => Soon<Result>): Soon<Result> {
    return work(this);
  }

  end(): void {
    this.#session = undefined;
  }

  async #use<Result>(
    statement: (session: ServerSession, parameters: SqlValue[]) => Promise<Result>,
    parameters: SqlValue[],
  ): Promise<Result> {
    if (!this.#session) throw new Error('The tables of a transaction were used after its work had ended');
    try {
      return await statement(this.#session, parameters);
    } catch (error) {
      if (error instanceof ServerFailure) this.#failure ??= error;
      throw error;
    }
  }
}
