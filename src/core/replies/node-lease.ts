import { randomUUID } from 'node:crypto';
import { DomainError } from '../errors.ts';
import type { Log } from '../ports.ts';
import type { Store, Tables } from '../store.ts';
import type { NodeId } from './reply.ts';

export type NodeLease = {
  /** This process, as replies name their writer. Changes when the lease was lost. */
  readonly nodeId: NodeId;
  /** Fails a transaction of a process that was taken for dead. @throws LeaseLost */
  require(tables: Tables): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

/** Thrown inside a transaction: another process has ended, or will end, what this one was writing. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * Says "I am alive" in the database several times a lease. A process that was silent for longer is removed by another, and from
 * then on can write nothing under its old name; it goes on under a new one.
 */
export function createNodeLease(deps: {
  store: Store;
  clock: () => Date;
  log: Log;
  leaseMs: number;
}): NodeLease {
  const { store, clock, log, leaseMs } = deps;
  let nodeId = randomUUID() as NodeId;
  let timer: NodeJS.Timeout | undefined;
  let beating: Promise<void> | undefined;

  const renew = async () => {
    nodeId = randomUUID() as NodeId;
    await store.transaction((tables) => tables.nodes.insert(nodeId, clock()));
  };

  const beat = async () => {
    try {
      if (await store.transaction((tables) => tables.nodes.beat(nodeId, clock()))) return;
      log.warn({}, 'this process was taken for dead; its replies were ended by another');
      await renew();
    } catch (error) {
      // The database is away: the next beat tries again, and until one succeeds nothing can be written anyway.
      log.warn({ code: DomainError.from(error).code }, 'no sign of life could be stored');
    }
  };

  return {
    get nodeId() {
      return nodeId;
    },
    async require(tables) {
      if (!(await tables.nodes.holds(nodeId))) throw new LeaseLost();
    },
    async start() {
      await store.transaction((tables) => tables.nodes.insert(nodeId, clock()));
      timer = setInterval(() => {
        beating ??= beat().finally(() => (beating = undefined));
      }, leaseMs / 4);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await beating;
      await store.transaction((tables) => tables.nodes.remove(nodeId));
    },
  };
}
