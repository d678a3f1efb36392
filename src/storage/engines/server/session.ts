import type { SqlValue } from '../../prepare.ts';

/** One connection to a database server. Every method throws a ServerFailure. */
export interface ServerSession {
  /** False from the moment on in which it cannot be used again. */
  readonly isUsable: boolean;
  all<Row>(sql: string, parameters: readonly SqlValue[]): Promise<Row[]>;
  /** How many rows it changed. */
  run(sql: string, parameters: readonly SqlValue[]): Promise<number>;
  /** The integer key of the row that an insert made. */
  insert(sql: string, parameters: readonly SqlValue[]): Promise<number>;
  /** Begins a transaction with the next statement: nothing is sent, or need be waited for, before that. */
  begin(): void;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Runs SQL that is not worth keeping prepared. */
  once(sql: string, parameters?: readonly unknown[]): Promise<unknown[]>;
  /** Says goodbye, or just hangs up where that takes too long. */
  close(): Promise<void>;
  /** Hangs up. */
  destroy(): void;
}

/** What a connection is for: its settings differ. */
export type SessionRole = 'read' | 'write' | 'migrate';
export type SessionOptions = { role: SessionRole; statementTimeoutMs: number };
