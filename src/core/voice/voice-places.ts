import { DomainError } from '../errors.ts';
import type { UserId } from '../users/user.ts';

export type VoicePlaces = {
  /** Takes a place and returns its leave. @throws DomainError `too-many-requests`, `server-busy` */
  enter(userId: UserId): () => void;
};

/** How many pieces of audio may lie in memory at the same time, of everybody and of one user. */
export function createVoicePlaces({ total, perUser }: { total: number; perUser: number }): VoicePlaces {
  const taken = new Map<UserId, number>();
  let all = 0;
  return {
    enter(userId) {
      const own = taken.get(userId) ?? 0;
      if (own >= perUser) throw new DomainError('too-many-requests', { retryAfterSeconds: 2 });
      if (all >= total) throw new DomainError('server-busy', { retryAfterSeconds: 2 });
      all += 1;
      taken.set(userId, own + 1);
      return () => {
        all -= 1;
        const others = (taken.get(userId) ?? 1) - 1;
        if (others > 0) taken.set(userId, others);
        else taken.delete(userId);
      };
    },
  };
}
