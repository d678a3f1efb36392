import type { Fanout, FanoutEvent, Log } from '../core/ports.ts';
import type { SessionId } from '../core/sessions/session.ts';
import type { UserId } from '../core/users/user.ts';

/** Carries events within this process, at once and in order. A listener that throws is logged, and keeps nothing from the others. */
export function createFanout({ log }: { log: Log }): Fanout {
  const listeners = new Map<UserId, Set<(event: FanoutEvent) => void>>();
  const endListeners = new Set<(sessionIds: readonly SessionId[]) => void>();

  const tell = <Event>(audience: Iterable<(event: Event) => void>, event: Event) => {
    for (const listener of audience) {
      try {
        listener(event);
      } catch (error) {
        log.error({ err: error }, 'a listener of the fan-out failed');
      }
    }
  };

  return {
    publish(userId, event) {
      const audience = listeners.get(userId);
      if (audience) tell(audience, event);
    },
    subscribe(userId, listener) {
      const audience = listeners.get(userId) ?? new Set();
      listeners.set(userId, audience);
      // A place of its own: the same function may listen twice.
      const place = (event: FanoutEvent) => listener(event);
      audience.add(place);
      return () => {
        audience.delete(place);
        if (audience.size === 0 && listeners.get(userId) === audience) listeners.delete(userId);
      };
    },
    publishEnded(sessionIds) {
      if (sessionIds.length > 0) tell(endListeners, sessionIds);
    },
    subscribeEnded(listener) {
      const place = (sessionIds: readonly SessionId[]) => listener(sessionIds);
      endListeners.add(place);
      return () => {
        endListeners.delete(place);
      };
    },
  };
}
