import type { Session } from './session.ts';

type Pair = Pick<Session, 'generation' | 'usedGeneration'>;

/**
 * Whether a token of a generation is still worth something: of the current pair, or of the one before while no access token of the
 * current one has been used, since then its owner may not have received it.
 */
export const isLivingGeneration = (pair: Pair, generation: number): boolean =>
  generation === pair.generation ||
  (generation === pair.generation - 1 && pair.usedGeneration < pair.generation);

/** Whether a token of this generation is the first sign that the current pair has arrived. */
export const isFirstUse = (pair: Pair, generation: number): boolean =>
  generation === pair.generation && pair.usedGeneration < generation;
