import { DomainError, type ErrorCode } from '../../core/errors.ts';
import type { AskQueue } from './ask-queue.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';

/** What stands before everything that one service is asked. */
export type Guard = { breaker: CircuitBreaker; queue: AskQueue };

/** What says that the AI is not there. Answers that cannot be used are answers: one user's questions must not close it for all. */
const dead: ReadonlySet<ErrorCode> = new Set(['ai-unreachable', 'ai-timed-out', 'ai-broke-off']);

/** Tells the breaker once what became of a question; what is told later is not heard. */
export type Watch = {
  answered(): void;
  /** It threw, or ended without a word where `thrown` is undefined. */
  failed(thrown: unknown, signal: AbortSignal): void;
  /** Nobody wants to know any more. */
  withdrawn(): void;
};

/** Begins to watch a question, which is asked now. */
export function watchQuestion(breaker: CircuitBreaker): Watch {
  let isOpen = true;
  const settle = (how: 'answered' | 'failed' | 'withdrawn') => {
    if (isOpen) breaker[how]();
    isOpen = false;
  };
  breaker.ask();
  return {
    answered: () => settle('answered'),
    failed(thrown, signal) {
      if (signal.aborted) settle('withdrawn');
      else settle(thrown === undefined || dead.has(DomainError.from(thrown).code) ? 'failed' : 'answered');
    },
    withdrawn: () => settle('withdrawn'),
  };
}

/** @throws DomainError `ai-unreachable` while nothing is asked */
export function requireClosed(breaker: CircuitBreaker): void {
  const holdsForMs = breaker.holdsForMs();
  if (holdsForMs === 0) return;
  throw new DomainError('ai-unreachable', {
    retryAfterSeconds: Math.ceil(holdsForMs / 1000),
    cause: new Error('It has failed several times in a row and is left alone for a while'),
  });
}
