import { randomUUID } from 'node:crypto';
import { DomainError } from '../errors.ts';
import type { Log } from '../ports.ts';
import type { Store, Tables } from '../store.ts';
import type { NodeId } from './reply.ts';

export type NodeLease = {
  /** This process, as replies name their writer. Changes when it was taken for dead. */
  readonly nodeId: NodeId;
  /** Makes sure, in a transaction that claims a reply, that this process is among the living, and says under which name. */
  enter(tables: Tables): Promise<NodeId>;
  start(): void;
  stop(): Promise<void>;
};

/** Thrown inside a transaction: another process has ended, or will end, what this one was writing. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** Fails a transaction that writes under the name of a process which was taken for dead. @throws LeaseLost */
export async function requireHeld(tables: Tables, nodeIds: ReadonlySet<NodeId>): Promise<void> {
  for (const nodeId of nodeIds) if (!(await tables.nodes.holds(nodeId))) throw new LeaseLost();
}

type LeaseOptions = {
  store: Store;
  clock: () => Date;
  log: Log;
  leaseMs: number;
  /** Whether there is anything that would be taken from a process that gives no sign. */
  isWriting: () => boolean;
};

/**
 * Says "I am alive" in the database, several times a lease, while this process writes replies; an idle one writes nothing. A process
 * that was silent for longer may be removed by another. Its old name then can write nothing more, and it takes a new one.
 */
export function createNodeLease({ store, clock, log, leaseMs, isWriting }: LeaseOptions): NodeLease {
  const beatMs = leaseMs / 4;
  let nodeId = randomUUID() as NodeId;
  /** Of the last beat that is committed, by the clock that nobody sets. */
  let beatenAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let beating: Promise<void> | undefined;

  const beat = async () => {
    const startedAt = performance.now();
    try {
      const isThere = await store.transaction((tables) => tables.nodes.beat(nodeId, clock()));
      beatenAt = isThere ? startedAt : Number.NEGATIVE_INFINITY;
      if (!isThere) log.warn({}, 'this process was taken for dead; its replies are ended by another');
    } catch (error) {
      // The database is away: the next beat tries again, and until one succeeds nothing can be written anyway.
      log.warn({ code: DomainError.from(error).code }, 'no sign of life could be stored');
    }
  };

  return {
    get nodeId() {
      return nodeId;
    },
    async enter(tables) {
      if (performance.now() - beatenAt < beatMs * 2) return nodeId;
      // Not remembered as a beat: the transaction may still be rolled back.
      const at = clock();
      if (await tables.nodes.beat(nodeId, at)) return nodeId;
      nodeId = randomUUID() as NodeId;
      await tables.nodes.insert(nodeId, at);
      return nodeId;
    },
    start() {
      timer = setInterval(() => {
        if (isWriting()) beating ??= beat().finally(() => (beating = undefined));
      }, beatMs);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await beating;
      await store.transaction((tables) => tables.nodes.remove(nodeId));
    },
  };
}
