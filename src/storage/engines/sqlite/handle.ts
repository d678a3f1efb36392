import type { Query } from '../../prepare.ts';
import type { Database, Statement } from './driver.ts';
import { translate } from './errors.ts';

/** More than the queries there are; a bound for lists and patches that vary. */
const maxStatements = 512;

/** One connection to the file, with its compiled statements. Every call is done when it returns. */
export class SqliteHandle {
  readonly #database: Database;
  readonly #statements = new Map<string, Statement>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Whether a transaction is open; SQLite ends one by itself when the disk fails. */
  get isTransaction(): boolean {
    return this.#database.isTransaction;
  }

  all<Values, Row>(query: Query<Values, Row>, values: Values): Row[] {
    try {
      return this.statement(query.sql).all(...query.bind(values)) as Row[];
    } catch (error) {
      throw translate(error);
    }
  }

  one<Values, Row>(query: Query<Values, Row>, values: Values): Row | undefined {
    try {
      return this.statement(query.sql).get(...query.bind(values)) as Row | undefined;
    } catch (error) {
      throw translate(error);
    }
  }

  run<Values>(query: Query<Values, unknown>, values: Values): number {
    try {
      return Number(this.statement(query.sql).run(...query.bind(values)).changes);
    } catch (error) {
      throw translate(error);
    }
  }

  insert<Values>(query: Query<Values, unknown>, values: Values): number {
    try {
      return Number(this.statement(query.sql).run(...query.bind(values)).lastInsertRowid);
    } catch (error) {
      throw translate(error);
    }
  }

  /** Runs SQL without parameters. @throws the driver's own error */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const made = this.#database.prepare(sql);
    if (this.#statements.size >= maxStatements) {
      const oldest = this.#statements.keys().next();
      if (oldest.done === false) this.#statements.delete(oldest.value);
    }
    this.#statements.set(sql, made);
    return made;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }
}
