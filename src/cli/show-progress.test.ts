import { expect, test } from 'vitest';
import { showProgress } from './show-progress.ts';

const show = (isTTY: boolean): string[] => {
  const said: string[] = [];
  let at = 0;
  const progress = showProgress('copying', { isTTY, write: (text) => said.push(text) }, () => at);
  progress.begin(300);
  for (const [ms, rows] of [
    [50, 30],
    [250, 30],
    [10_100, 90],
    [10_500, 150],
  ] as const) {
    at = ms;
    progress.rows('messages', rows);
  }
  progress.end();
  return said;
};

test('progress is one line that changes, on a terminal', () => {
  const [back, rest] = ['\r', '\u001b[K'];
  expect(show(true)).toEqual([
    `${back}copying messages: 20 %, 0.3 s${rest}`,
    `${back}copying messages: 50 %, 10.1 s${rest}`,
    `${back}copying messages: 100 %, 10.5 s${rest}`,
    `${back}${rest}`,
  ]);
});

test('progress is a line now and then, in a log', () => {
  expect(show(false)).toEqual(['copying messages: 50 %, 10 s\n']);
});
