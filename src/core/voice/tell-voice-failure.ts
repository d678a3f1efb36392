import { DomainError } from '../errors.ts';
import type { Log } from '../ports.ts';

/** Tells the operator why the voice service failed, which callers are not told, and gives the failure back. */
export function tellVoiceFailure({ log }: { log: Log }, thrown: unknown): unknown {
  if (thrown instanceof DomainError && thrown.code.startsWith('ai-')) {
    log.warn({ code: thrown.code, err: thrown.cause }, 'the voice service failed');
  }
  return thrown;
}
