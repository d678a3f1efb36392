import { DomainError } from '../../../core/errors.ts';
import { takenBy } from '../engine.ts';

/**
 * What a failure of a database server means to us. `conflict`: the server rolled the transaction back, and it may run again.
 * `lost`: the connection broke, so that a transaction that has not begun to commit may run again. `away`: no use in trying at once.
 * `outdated`: a statement was prepared for a schema that has changed. `taken`: a second row under a unique constraint. `wrong`: a bug.
 */
export type FailureKind = 'conflict' | 'lost' | 'away' | 'outdated' | 'taken' | 'wrong';

/**
 * What a driver's error said, without what drivers add to it: parameters, rows and statements hold what users wrote, and this goes
 * into logs.
 */
export class ServerFailure extends Error {
  override readonly name = 'ServerFailure';
  readonly kind: FailureKind;
  /** The server's or the driver's own code. */
  readonly code: string;
  /** The unique constraint of `taken`. */
  readonly constraint: string | undefined;

  constructor(kind: FailureKind, said: { message: string; code: string; constraint?: string | undefined }) {
    super(said.message);
    this.kind = kind;
    this.code = said.code;
    this.constraint = said.constraint;
  }
}

/**
 * Constraints that are broken by who looks for a row, finds none and makes it, while another does the same; or by text of a reply that
 * is in a commit whose answer was lost, and which lands only now. Run again, the work finds the row.
 */
export const foundNextTime: ReadonlySet<string> = new Set([
  'reply_deltas_key',
  'usage_days_key',
  'allowances_key',
  'search_marks_key',
]);

/** What a failure means to the core; one that only a bug explains stays as it is. */
export const translate = (error: unknown): unknown => {
  if (!(error instanceof ServerFailure) || error.kind === 'wrong') return error;
  if (error.kind !== 'taken') return unavailable(error);
  const code = takenBy[error.constraint ?? ''];
  return code === undefined ? error : new DomainError(code, { cause: error });
};

const unavailable = (cause: unknown): DomainError =>
  new DomainError('storage-unavailable', { cause, retryAfterSeconds: 1 });
