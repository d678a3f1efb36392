import { Socket } from 'node:net';
import pg from 'pg';
import type { QueryResult } from 'pg';
import { explainTls } from '../../../tls/explain-tls.ts';
import type { SqlValue } from '../../prepare.ts';
import type { ServerAddress } from '../server/address.ts';
import { ServerFailure } from '../server/failure.ts';
import type { ServerSession, SessionOptions, SessionRole } from '../server/session.ts';
import {
  answerGraceMs,
  connectTimeoutMs,
  idleTransactionMs,
  lockTimeoutMs,
  migrationWaitMs,
} from '../server/timeouts.ts';
import { toFailure } from './errors.ts';

/** Of `bigint`, and of `numeric`, which is what a sum of them is. */
const wholeNumbers = new Set([20, 1700]);

/** Ids, times, counts and sums are far below the largest whole number that JavaScript counts exactly. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    wholeNumbers.has(oid) ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** Statements are prepared once for each connection, under one name everywhere. */
const names = new Map<string, string>();
const nameOf = (sql: string): string => {
  const known = names.get(sql);
  if (known !== undefined) return known;
  const made = `parlance_${names.size + 1}`;
  names.set(sql, made);
  return made;
};

// `synchronous_commit` is what makes an acknowledgement true after a power loss; a stricter setting is left alone.
const settings = (role: SessionRole, statementTimeoutMs: number): string => `
  select
    set_config('statement_timeout', '${role === 'migrate' ? 0 : statementTimeoutMs}', false),
    set_config('lock_timeout', '${role === 'migrate' ? migrationWaitMs : lockTimeoutMs}', false),
    set_config('idle_in_transaction_session_timeout', '${role === 'migrate' ? 0 : idleTransactionMs}', false),
    set_config('default_transaction_isolation', 'read committed', false),
    set_config('synchronous_commit',
      case when current_setting('synchronous_commit') = 'remote_apply' then 'remote_apply' else 'on' end, false)`;

/** @throws ServerFailure */
export async function openPostgresSession(
  address: ServerAddress,
  { role, statementTimeoutMs }: SessionOptions,
): Promise<PostgresSession> {
  const socket = new Socket();
  const client = new pg.Client({
    host: address.socket ?? address.host,
    port: address.port,
    user: address.user,
    // A function, so that neither the environment nor a file of the driver's has a say.
    password: () => address.password,
    database: address.database,
    ssl: address.tls ?? false,
    stream: () => socket,
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'parlance',
    client_encoding: 'UTF8',
    ...(role === 'migrate' ? {} : { query_timeout: statementTimeoutMs + answerGraceMs }),
    pipeline: true,
    types,
  });
  const session = new PostgresSession(client, socket);
  try {
    await client.connect();
    await client.query(settings(role, statementTimeoutMs));
    return session;
  } catch (error) {
    session.destroy();
    throw toFailure(explainTls(error), false);
  }
}

/** One connection to Postgres. A transaction's `begin` travels together with its first statement. */
export class PostgresSession implements ServerSession {
  readonly #client: pg.Client;
  readonly #socket: Socket;
  #isUsable = true;
  #transaction: 'none' | 'due' | 'open' = 'none';

  constructor(client: pg.Client, socket: Socket) {
    this.#client = client;
    this.#socket = socket;
    // Without a listener, a server that restarts would end this process.
    client.on('error', () => (this.#isUsable = false));
    client.on('end', () => (this.#isUsable = false));
  }

  get isUsable(): boolean {
    return this.#isUsable;
  }

  async all<Row>(sql: string, parameters: readonly SqlValue[]): Promise<Row[]> {
    return (await this.#prepared(sql, parameters)).rows as Row[];
  }

  async run(sql: string, parameters: readonly SqlValue[]): Promise<number> {
    return (await this.#prepared(sql, parameters)).rowCount ?? 0;
  }

  async insert(sql: string, parameters: readonly SqlValue[]): Promise<number> {
    const { rows } = await this.#prepared(`${sql} returning "id"`, parameters);
    return (rows[0] as { id: number }).id;
  }

  begin(): void {
    this.#transaction = 'due';
  }

  async commit(): Promise<void> {
    const wasOpen = this.#transaction === 'open';
    this.#transaction = 'none';
    if (!wasOpen) return;
    const { command } = await this.#guard(this.#client.query('commit'));
    // So it answers when it had given the transaction up before.
    if (command !== 'COMMIT')
      throw new ServerFailure('wrong', { code: command, message: 'The server rolled the transaction back' });
  }

  async rollback(): Promise<void> {
    const wasOpen = this.#transaction === 'open';
    this.#transaction = 'none';
    if (wasOpen) await this.#guard(this.#client.query('rollback'));
  }

  async once(sql: string, parameters: readonly unknown[] = []): Promise<unknown[]> {
    return (await this.#guard(this.#client.query(sql, [...parameters]))).rows as unknown[];
  }

  async close(): Promise<void> {
    this.#isUsable = false;
    const goodbye = setTimeout(() => this.#socket.destroy(), 1_000);
    await this.#client.end().catch(() => undefined);
    clearTimeout(goodbye);
  }

  destroy(): void {
    this.#isUsable = false;
    this.#socket.destroy();
  }

  async #prepared(sql: string, parameters: readonly SqlValue[]): Promise<QueryResult> {
    const begun = this.#transaction === 'due' ? this.#client.query('begin') : undefined;
    if (begun) this.#transaction = 'open';
    const answer = this.#client.query({ name: nameOf(sql), text: sql, values: [...parameters] });
    const [result] = await this.#guard(Promise.all([answer, begun]));
    return result;
  }

  async #guard<Result>(answer: Promise<Result>): Promise<Result> {
    try {
      return await answer;
    } catch (error) {
      const failure = toFailure(error, true);
      // What was prepared for another schema, or was never answered, is of no use any more.
      if (failure.kind === 'outdated' || failure.kind === 'lost' || failure.message === 'Query read timeout')
        this.#isUsable = false;
      throw failure;
    }
  }
}
