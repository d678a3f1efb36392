import { randomUUID } from 'node:crypto';
import { DomainError } from '../errors.ts';
import type { Log } from '../ports.ts';
import type { Store, Tables } from '../store.ts';
import type { NodeId } from './reply.ts';

export type NodeLease = {
  /** This process, as replies name their writer. Changes when it was taken for dead. */
  readonly nodeId: NodeId;
  /**
   * Makes sure that this process is among the living, before a transaction that may claim a reply: not in it, because its name is
   * shared by all of them, and it may roll back. Several at once cost one transaction, and a while after it none.
   */
  enter(): Promise<void>;
  /**
   * The name to claim under, in a transaction that nobody takes it from before its commit, and a lease that lasts beyond.
   * @throws LeaseLost when it was taken already: `enter` gives a new one
   */
  hold(tables: Tables): Promise<NodeId>;
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
  /** Follows each sign of life that was stored. */
  beaten: (nodeId: NodeId) => Promise<void>;
};

/**
 * Says "I am alive" in the database, several times a lease, while this process writes replies; an idle one writes nothing. A process
 * that was silent for longer may be removed by another. Its old name then can write nothing more, and it takes a new one.
 */
export function createNodeLease({ store, clock, log, leaseMs, isWriting, beaten }: LeaseOptions): NodeLease {
  const beatMs = leaseMs / 4;
  let nodeId = randomUUID() as NodeId;
  /** Of the last beat that is committed, by the clock that nobody sets. */
  let beatenAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let beating: Promise<void> | undefined;
  let entering: Promise<void> | undefined;
  let isAway = false;

  const beat = async () => {
    const startedAt = performance.now();
    try {
      const isThere = await store.transaction((tables) => tables.nodes.beat(nodeId, clock()));
      beatenAt = isThere ? startedAt : Number.NEGATIVE_INFINITY;
      if (!isThere) log.warn({}, 'this process was taken for dead; its replies are ended by another');
      await beaten(nodeId);
      if (isAway) log.info({}, 'signs of life are stored again');
      isAway = false;
    } catch (error) {
      // The database is away: the next beat tries again, and until one succeeds nothing can be written anyway.
      if (!isAway) log.warn({ code: DomainError.from(error).code }, 'no sign of life could be stored');
      isAway = true;
    }
  };

  const takePlace = async () => {
    const startedAt = performance.now();
    nodeId = await store.transaction(async ({ nodes }) => {
      const at = clock();
      if (await nodes.beat(nodeId, at)) return nodeId;
      const name = randomUUID() as NodeId;
      await nodes.insert(name, at);
      return name;
    });
    beatenAt = startedAt;
  };

  const isFresh = () => performance.now() - beatenAt < beatMs * 2;

  return {
    get nodeId() {
      return nodeId;
    },
    async enter() {
      if (isFresh()) return;
      entering ??= takePlace().finally(() => (entering = undefined));
      await entering;
    },
    async hold({ nodes }) {
      const name = nodeId;
      // A row that is almost too old might go right after the commit. Beating in each claim would make all of them wait for each other.
      const isThere = isFresh() ? await nodes.holds(name) : await nodes.beat(name, clock());
      if (isThere) return name;
      if (name === nodeId) beatenAt = Number.NEGATIVE_INFINITY;
      throw new LeaseLost();
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
