import { describe, expect, it } from 'vitest';
import { Continuation } from './continuation.ts';

const continued = (shown: string, pieces: readonly string[]): string => {
  const continuation = new Continuation(shown);
  return shown + pieces.map((piece) => continuation.add(piece)).join('');
};

describe('an answer that is asked for again', () => {
  it.each<[string, readonly [shown: string, pieces: readonly string[], whole: string]]>([
    ['nothing was shown', ['', ['Hel', 'lo'], 'Hello']],
    ['the same, in other pieces', ['Hello', ['Hel', 'lo th', 'ere'], 'Hello there']],
    ['the same, cut where it was', ['Hello', ['Hello', ' there'], 'Hello there']],
    ['the same, at once', ['Hello', ['Hello there'], 'Hello there']],
    ['the same, letter by letter', ['Hello', 'Hello there'.split(''), 'Hello there']],
    ['not more than was shown', ['Hello there', ['Hel', 'lo'], 'Hello there']],
    ['another from its first letter', ['Hello', ['Good ', 'day'], 'Hello\n\nGood day']],
    ['another from the middle', ['Hello', ['He', 'y', ' you'], 'Hello\n\nHey you']],
    ['another within a piece', ['Hello there', ['Hello world', '!'], 'Hello there\n\nHello world!']],
    ['another from the middle of a character', ['a😀', ['a', '😁b'], 'a😀\n\na😁b']],
    ['another after a line that was complete', ['One.\n', ['Two.'], 'One.\n\nTwo.']],
    ['empty pieces', ['Hello', ['', 'Hello', '', '!'], 'Hello!']],
  ])('%s', (_, [shown, pieces, whole]) => {
    expect(continued(shown, pieces)).toBe(whole);
  });
});
