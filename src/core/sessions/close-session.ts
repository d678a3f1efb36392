import type { CoreDependencies } from '../dependencies.ts';
import type { Actor } from '../ports.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'fanout'>;

/** Ends the actor's login; one that has ended stays so. Durable when it resolves. */
export async function closeSession({ store, clock, fanout }: Deps, { sessionId }: Actor): Promise<void> {
  await store.transaction(({ sessions }) => sessions.end(sessionId, clock()));
  fanout.publishEnded([sessionId]);
}
