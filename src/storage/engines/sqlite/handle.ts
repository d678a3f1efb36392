import type { Query } from '../../prepare.ts';
import type { Database, Statement } from './driver.ts';
import { translate } from './errors.ts';

/** More than the queries there are; a bound for lists and patches that vary. */
const maxStatements = 512;

type Compiled = { statement: Statement; names: readonly string[] };

/** One connection to the file, with its compiled statements. Every call is done when it returns. */
export class SqliteHandle {
  readonly #database: Database;
  readonly #statements = new Map<string, Compiled>();
  #isOpen = true;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Whether a transaction is open; SQLite ends one by itself when the disk fails. */
  get isTransaction(): boolean {
    return this.#isOpen && this.#database.isTransaction;
  }

  all<Values, Row>(query: Query<Values, Row>, values: Values): Row[] {
    try {
      const { statement, names } = this.#compiled(query.sql);
      const rows = statement.all(...query.bind(values)) as unknown[][];
      return rows.map((row) => toObject(names, row) as Row);
    } catch (error) {
      throw translate(error);
    }
  }

  one<Values, Row>(query: Query<Values, Row>, values: Values): Row | undefined {
    try {
      const { statement, names } = this.#compiled(query.sql);
      const row = statement.get(...query.bind(values)) as unknown[] | undefined;
      return row && (toObject(names, row) as Row);
    } catch (error) {
      throw translate(error);
    }
  }

  run<Values>(query: Query<Values, unknown>, values: Values): number {
    try {
      return Number(this.#compiled(query.sql).statement.run(...query.bind(values)).changes);
    } catch (error) {
      throw translate(error);
    }
  }

  insert<Values>(query: Query<Values, unknown>, values: Values): number {
    try {
      return Number(this.#compiled(query.sql).statement.run(...query.bind(values)).lastInsertRowid);
    } catch (error) {
      throw translate(error);
    }
  }

  /** Runs SQL without parameters. @throws the driver's own error */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** Runs SQL that is not worth keeping compiled. @throws the driver's own error */
  once(sql: string, parameters: readonly unknown[] = []): unknown[] {
    return this.#database.prepare(sql).all(...parameters);
  }

  close(): void {
    this.#isOpen = false;
    this.#statements.clear();
    this.#database.close();
  }

  #compiled(sql: string): Compiled {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    const made = { statement, names: statement.columns().map(({ name }) => name) };
    if (this.#statements.size >= maxStatements) {
      const oldest = this.#statements.keys().next();
      if (oldest.done === false) this.#statements.delete(oldest.value);
    }
    this.#statements.set(sql, made);
    return made;
  }
}

const toObject = (names: readonly string[], row: readonly unknown[]): Record<string, unknown> => {
  const object: Record<string, unknown> = {};
  for (let index = 0; index < names.length; index += 1) object[names[index] ?? ''] = row[index];
  return object;
};
