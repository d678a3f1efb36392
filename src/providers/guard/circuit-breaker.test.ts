import { expect, it } from 'vitest';
import { CircuitBreaker } from './circuit-breaker.ts';

function play(failures: number) {
  let now = 1_000;
  const breaker = new CircuitBreaker({ failures, pauseMs: 100 }, () => now);
  const fail = () => {
    breaker.ask();
    breaker.failed();
  };
  return { breaker, fail, pass: (ms: number) => void (now += ms) };
}

it('opens after so many failures in a row', () => {
  const { breaker, fail } = play(3);
  fail();
  fail();
  breaker.ask();
  breaker.answered();
  fail();
  fail();
  expect(breaker.holdsForMs()).toBe(0);
  fail();
  expect(breaker.holdsForMs()).toBe(100);
});

it('lets one question through after its pause, whose answer closes it', () => {
  const { breaker, fail, pass } = play(1);
  fail();
  pass(60);
  expect(breaker.holdsForMs()).toBe(40);
  pass(40);
  expect(breaker.holdsForMs()).toBe(0);
  breaker.ask();
  expect(breaker.holdsForMs()).toBe(100);
  breaker.answered();
  expect(breaker).toMatchObject({ isOpen: false });
  expect(breaker.holdsForMs()).toBe(0);
});

it('opens anew where that question fails, and lets the next one through where it is taken back', () => {
  const { breaker, fail, pass } = play(2);
  fail();
  fail();
  pass(100);
  breaker.ask();
  breaker.withdrawn();
  expect(breaker.holdsForMs()).toBe(0);
  fail();
  expect(breaker.holdsForMs()).toBe(100);
});

it('never opens where no failure is too many', () => {
  const { breaker, fail } = play(0);
  for (let count = 0; count < 50; count += 1) fail();
  expect(breaker.holdsForMs()).toBe(0);
});
