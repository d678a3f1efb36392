import { setTimeout as pause } from 'node:timers/promises';
import { StorageError, type Engine } from '../engines/engine.ts';

/** A connection that was closed a moment ago may still be counted. */
const maxWaitMs = 1_000;
const lookEveryMs = 100;

/** Makes sure that nobody else is connected to the database of a server. @throws StorageError */
export async function requireUnused(engine: Engine, shown: string): Promise<void> {
  const sql = engine.moving.countOthers;
  if (sql === undefined) return;
  const deadline = performance.now() + maxWaitMs;
  for (;;) {
    const row = await engine.snapshot(async (reading) => reading.one({ sql, bind: () => [] }, {}));
    if ((row as { others: number }).others === 0) return;
    if (performance.now() > deadline)
      throw new StorageError(`Another program is connected to ${shown}: stop every server on it first`);
    await pause(lookEveryMs);
  }
}
