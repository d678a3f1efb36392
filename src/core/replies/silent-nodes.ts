import type { NodeBeat } from '../store.ts';
import type { NodeId } from './reply.ts';

export type SilentNodes = {
  /** Reads the last signs of life of nodes, and gives those that count as dead. */
  look(read: () => Promise<NodeBeat[]>): Promise<NodeBeat[]>;
  /** In how many milliseconds the next of the nodes that were seen counts as dead unless it gives a sign; infinite when none is left. */
  waitMs(): number;
};

type Options = {
  leaseMs: number;
  clock: () => Date;
  /** Milliseconds by a clock that nobody sets. */
  now?: () => number;
};

/** A sign of life, and since when this process has seen no other. */
type Seen = { beatAt: number; since: number };

/**
 * Measures the silence of nodes. One that gave no other sign for a lease under the eyes of this process is dead. Half of that is enough
 * where its sign is a lease old by the clock: that of the other process may be wrong, but one that lives gives two signs meanwhile.
 */
export function createSilentNodes({ leaseMs, clock, now = () => performance.now() }: Options): SilentNodes {
  let seen = new Map<NodeId, Seen>();
  /** When it counts as dead, by `now`. */
  const deadAt = ({ beatAt, since }: Seen) => {
    const byClock = now() + beatAt + leaseMs - clock().getTime();
    return Math.min(since + leaseMs, Math.max(since + leaseMs / 2, byClock));
  };
  return {
    async look(read) {
      // What is read was so at some time between these two: silence counts from the later to the earlier.
      const startedAt = now();
      const nodes = await read();
      const readAt = now();
      const before = seen;
      seen = new Map();
      return nodes.filter((node) => {
        const beatAt = node.beatAt.getTime();
        const known = before.get(node.id);
        const sign = known?.beatAt === beatAt ? known : { beatAt, since: readAt };
        seen.set(node.id, sign);
        return startedAt >= deadAt(sign);
      });
    },
    waitMs() {
      const at = now();
      const waits = [...seen.values()].map((sign) => deadAt(sign) - at);
      return Math.min(...waits.filter((ms) => ms > 0));
    },
  };
}
