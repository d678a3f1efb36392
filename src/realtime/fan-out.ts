import type { Fanout, FanoutEvent, Log } from '../core/ports.ts';
import type { ReplyId } from '../core/replies/reply.ts';
import type { SessionId } from '../core/sessions/session.ts';
import type { UserId } from '../core/users/user.ts';

/** Carries events within this process, at once and in order. A listener that throws is logged, and keeps nothing from the others. */
export function createFanout({ log }: { log: Log }): Fanout {
  const listeners = new Map<UserId, Set<(event: FanoutEvent) => void>>();
  const endListeners = new Set<(sessionIds: readonly SessionId[]) => void>();
  const stopListeners = new Set<(replyId: ReplyId) => void>();

  /** A place of its own: the same function may listen twice. */
  const join = <Event>(audience: Set<(event: Event) => void>, listener: (event: Event) => void) => {
    const place = (event: Event) => listener(event);
    audience.add(place);
    return () => void audience.delete(place);
  };
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
      const leave = join(audience, listener);
      return () => {
        leave();
        if (audience.size === 0 && listeners.get(userId) === audience) listeners.delete(userId);
      };
    },
    publishEnded(sessionIds) {
      if (sessionIds.length > 0) tell(endListeners, sessionIds);
    },
    subscribeEnded: (listener) => join(endListeners, listener),
    publishStop: (replyId) => tell(stopListeners, replyId),
    subscribeStop: (listener) => join(stopListeners, listener),
  };
}
