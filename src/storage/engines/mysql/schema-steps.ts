import type { Kysely } from 'kysely';
import type { SchemaChanges } from '../engine.ts';
import { kyselyOver } from '../kysely-over.ts';
import { ServerFailure } from '../server/failure.ts';
import type { ServerSession } from '../server/session.ts';
import { mysqlFlavour } from './traits.ts';

/** Tables, columns and indexes that are there already, or are gone already. */
const doneBefore = new Set([
  'ER_TABLE_EXISTS_ERROR',
  'ER_DUP_FIELDNAME',
  'ER_DUP_KEYNAME',
  'ER_CANT_DROP_FIELD_OR_KEY',
  'ER_BAD_TABLE_ERROR',
  'ER_FK_DUP_NAME',
]);

const isChangeOfSchema = (sql: string): boolean => /^\s*(create|alter|drop|rename|truncate)\s/i.test(sql);

/**
 * Changes of a schema that the database cannot take back: it is noted how many statements of each are done, so that one that broke off
 * goes on where it did. Statements that change rows are not counted and run again; the end of a change is noted with its result.
 */
export class SchemaSteps implements SchemaChanges {
  readonly database: Kysely<never>;
  readonly types: SchemaChanges['types'];
  readonly #session: ServerSession;

  constructor(session: ServerSession, types: SchemaChanges['types']) {
    this.#session = session;
    this.types = types;
    this.database = kyselyOver(mysqlFlavour, (sql, parameters) => session.once(sql, parameters));
  }

  readonly make: SchemaChanges['make'] = async (name, change, finish) => {
    const begun = await this.#begin(name);
    let count = 0;
    const step = async (sql: string, parameters: readonly unknown[]) => {
      if (!isChangeOfSchema(sql)) return this.#session.once(sql, parameters);
      count += 1;
      if (count <= begun.done) return [];
      const mayBeDone = begun.inDoubt && count === begun.done + 1;
      await this.#note(name, { done: count - 1, inDoubt: true });
      await this.#session.once(sql, parameters).catch(async (error: unknown) => {
        if (mayBeDone && error instanceof ServerFailure && doneBefore.has(error.code)) return;
        if (this.#session.isUsable) await this.#note(name, { done: count - 1, inDoubt: mayBeDone });
        throw error;
      });
      await this.#note(name, { done: count, inDoubt: false });
      return [];
    };
    await change(kyselyOver(mysqlFlavour, step));
    await this.#session.once('start transaction');
    await finish(this.database);
    await this.#session.once('delete from migration_steps where name = ?', [name]);
    await this.#session.once('commit');
  };

  async #begin(name: string): Promise<{ done: number; inDoubt: boolean }> {
    await this.#session.once(
      'create table if not exists migration_steps (name varchar(120) primary key, done int not null, in_doubt int not null)',
    );
    const [row] = await this.#session.once('select done, in_doubt from migration_steps where name = ?', [
      name,
    ]);
    const begun = row as { done: number; in_doubt: number } | undefined;
    return { done: begun?.done ?? 0, inDoubt: begun?.in_doubt === 1 };
  }

  async #note(name: string, { done, inDoubt }: { done: number; inDoubt: boolean }): Promise<void> {
    await this.#session.once('replace into migration_steps (name, done, in_doubt) values (?, ?, ?)', [
      name,
      done,
      inDoubt ? 1 : 0,
    ]);
  }
}
