import type { CoreDependencies } from '../dependencies.ts';
import type { Actor } from '../ports.ts';

type Deps = Pick<CoreDependencies, 'store' | 'clock' | 'fanout'>;

/** Ends every login of the user, or every other one. Durable when it resolves. */
export async function closeAllSessions(
  { store, clock, fanout }: Deps,
  { userId, sessionId }: Actor,
  { keepOwn }: { keepOwn: boolean },
): Promise<void> {
  const ended = await store.transaction(({ sessions }) =>
    sessions.endAll(userId, keepOwn ? sessionId : null, clock()),
  );
  fanout.publishEnded(ended);
}
