/** How long a connection may take to be made. */
export const connectTimeoutMs = 5_000;
/** How long one may wait for a free connection: all of them are busy with a server that is slow. */
export const poolWaitMs = 10_000;
/** How long an answer may take beyond what a statement may: for a server that does not answer at all. */
export const answerGraceMs = 2_000;
/** How long a statement may wait for the row of another transaction. */
export const lockTimeoutMs = 5_000;
/** How long a transaction may do nothing: a process that was stopped in the middle of one must not hold up the others. */
export const idleTransactionMs = 3_000;
/** How long a connection may be of no use before it is closed. */
export const idleConnectionMs = 30_000;
/** How long a process may wait for another one that migrates. */
export const migrationWaitMs = 60_000;
