import { DomainError } from '../core/errors.ts';
import { networkFailure } from '../providers/http/vendor-error.ts';

/** What was thrown, as a DomainError `ai-*`. What fails in the middle of an answer, however, has broken off. */
export function voiceFailure(thrown: unknown, { hasBegun }: { hasBegun: boolean }): DomainError {
  if (hasBegun && !(thrown instanceof DomainError)) return new DomainError('ai-broke-off', { cause: thrown });
  return networkFailure(thrown).error;
}
