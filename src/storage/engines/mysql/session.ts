import { connect, isIP } from 'node:net';
import mysql from 'mysql2';
import { createConnection, type Connection, type ResultSetHeader } from 'mysql2/promise';
import { explainTls } from '../../../tls/explain-tls.ts';
import type { TlsOptions } from '../../../tls/tls-options.ts';
import type { SqlValue } from '../../prepare.ts';
import type { ServerAddress } from '../server/address.ts';
import type { ServerSession, SessionOptions } from '../server/session.ts';
import { answerGraceMs, connectTimeoutMs, idleTransactionMs, lockTimeoutMs } from '../server/timeouts.ts';
import { toFailure } from './errors.ts';

/** Read committed keeps writers from waiting for rows that are not there; strict mode refuses what it would otherwise cut off. */
const settings = ({ role, statementTimeoutMs }: SessionOptions, isMariaDb: boolean): string[] => {
  const both = [
    `autocommit = ${role === 'write' ? 0 : 1}`,
    `innodb_lock_wait_timeout = ${lockTimeoutMs / 1_000}`,
    `sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
  ];
  const seconds = statementTimeoutMs / 1_000;
  const idleSeconds = Math.ceil(idleTransactionMs / 1_000);
  // MySQL cannot tell an idle transaction from an idle connection: the latter is opened again when it is needed.
  const own = isMariaDb
    ? [`max_statement_time = ${seconds}`, `idle_transaction_timeout = ${idleSeconds}`]
    : [`max_execution_time = ${statementTimeoutMs}`, `wait_timeout = ${Math.ceil(seconds)}`];
  const isolation = 'set session transaction isolation level read committed';
  return [isolation, `set session ${[...both, ...(role === 'migrate' ? [] : own)].join(', ')}`];
};

/** @throws ServerFailure */
export async function openMysqlSession(
  address: ServerAddress,
  options: SessionOptions,
): Promise<MysqlSession> {
  const { user, password, database, tls } = address;
  let connection: Connection | undefined;
  try {
    connection = await createConnection({
      ...placeOf(address),
      user,
      password,
      database,
      ...(tls ? { ssl: tlsOf(tls) } : {}),
      charset: 'utf8mb4',
      connectTimeout: connectTimeoutMs,
      enableKeepAlive: true,
      decimalNumbers: true,
      // Never a file of this machine, whatever a server asks for.
      flags: ['-LOCAL_FILES'],
    });
    const session = new MysqlSession(connection, options);
    const isMariaDb = await session.isMariaDb();
    for (const statement of settings(options, isMariaDb)) await session.once(statement);
    return session;
  } catch (error) {
    connection?.destroy();
    throw toFailure(explainTls(error), { connected: false, sql: '' });
  }
}

/**
 * The driver would have the certificate of an IP address be one for "localhost". As a name, with a dot behind it, the address is what
 * is asked for; the connection itself still goes to the address.
 */
const placeOf = ({ host, port, socket, tls }: ServerAddress) => {
  if (socket !== undefined) return { socketPath: socket };
  if (!tls || !tlsOf(tls).verifyIdentity || isIP(host) === 0) return { host, port };
  return { host: `${host}.`, port, stream: () => connect({ host, port, noDelay: true, keepAlive: true }) };
};

const tlsOf = ({ rejectUnauthorized, ca, checkServerIdentity }: TlsOptions) => ({
  rejectUnauthorized,
  ...(ca === undefined ? {} : { ca }),
  // The driver looks at the name only when told to.
  verifyIdentity: rejectUnauthorized && checkServerIdentity === undefined,
});

type Parameter = string | null | ReturnType<typeof mysql.TypedParameter.BIGINT>;

/** Numbers would travel as floating point, which `limit` does not take. */
const toParameter = (value: SqlValue): Parameter =>
  typeof value === 'number' ? mysql.TypedParameter.BIGINT(value) : value;

/** One connection to MySQL or MariaDB. Those of writers are always in a transaction: the first statement begins it. */
export class MysqlSession implements ServerSession {
  readonly #connection: Connection;
  readonly #timeoutMs: number;
  #isUsable = true;
  #inTransaction = false;

  constructor(connection: Connection, { role, statementTimeoutMs }: SessionOptions) {
    this.#connection = connection;
    this.#timeoutMs = role === 'migrate' ? 0 : statementTimeoutMs + answerGraceMs;
    // Without a listener, a server that restarts would end this process.
    connection.on('error', () => (this.#isUsable = false));
    connection.on('end', () => (this.#isUsable = false));
  }

  get isUsable(): boolean {
    return this.#isUsable;
  }

  async isMariaDb(): Promise<boolean> {
    const [row] = await this.once('select version() as version');
    return (row as { version: string }).version.includes('MariaDB');
  }

  async all<Row>(sql: string, parameters: readonly SqlValue[]): Promise<Row[]> {
    return (await this.#execute(sql, parameters)) as Row[];
  }

  async run(sql: string, parameters: readonly SqlValue[]): Promise<number> {
    return ((await this.#execute(sql, parameters)) as ResultSetHeader).affectedRows;
  }

  async insert(sql: string, parameters: readonly SqlValue[]): Promise<number> {
    return ((await this.#execute(sql, parameters)) as ResultSetHeader).insertId;
  }

  begin(): void {
    this.#inTransaction = false;
  }

  async commit(): Promise<void> {
    if (this.#inTransaction) await this.once('commit');
    this.#inTransaction = false;
  }

  async rollback(): Promise<void> {
    if (this.#inTransaction) await this.once('rollback');
    this.#inTransaction = false;
  }

  async once(sql: string, parameters: readonly unknown[] = []): Promise<unknown[]> {
    const [rows] = await this.#guard(sql, () =>
      this.#connection.query({ sql, values: [...parameters], ...this.#patience() }),
    );
    return Array.isArray(rows) ? rows : [];
  }

  async close(): Promise<void> {
    this.#isUsable = false;
    const goodbye = setTimeout(() => this.#connection.destroy(), 1_000);
    await this.#connection.end().catch(() => undefined);
    clearTimeout(goodbye);
  }

  destroy(): void {
    this.#isUsable = false;
    this.#connection.destroy();
  }

  async #execute(sql: string, parameters: readonly SqlValue[]): Promise<unknown> {
    this.#inTransaction = true;
    const values = parameters.map(toParameter);
    const [result] = await this.#guard(sql, () =>
      this.#connection.execute({ sql, values, ...this.#patience() }),
    );
    return result;
  }

  #patience(): { timeout?: number } {
    return this.#timeoutMs === 0 ? {} : { timeout: this.#timeoutMs };
  }

  async #guard<Result>(sql: string, ask: () => Promise<Result>): Promise<Result> {
    try {
      return await ask();
    } catch (error) {
      const failure = toFailure(error, { connected: true, sql });
      // What was never answered is of no use any more.
      if (
        failure.kind === 'lost' ||
        failure.kind === 'outdated' ||
        failure.code === 'PROTOCOL_SEQUENCE_TIMEOUT'
      )
        this.#isUsable = false;
      throw failure;
    }
  }
}
