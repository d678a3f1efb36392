import { describe, expect, it } from 'vitest';
import { describeError } from './describe-error.ts';

describe('describeError', () => {
  it('tells what happened and why, and nothing that hangs on to it', () => {
    const cause = Object.assign(new TypeError('no length'), {
      code: 'HPE_INVALID',
      data: 'somebody’s words',
    });
    const error = new Error('broke off', { cause });
    const told = describeError(error);
    expect(told).toEqual({
      type: 'Error',
      message: 'broke off',
      stack: error.stack,
      cause: { type: 'TypeError', message: 'no length', code: 'HPE_INVALID', stack: cause.stack },
    });
  });

  it('says of what is no error only what it is', () => {
    expect(describeError('somebody’s words')).toEqual({ type: 'string' });
  });

  it('ends where causes go round', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(describeError(error))).toContain('round');
  });
});
