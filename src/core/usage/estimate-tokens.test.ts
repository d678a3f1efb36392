import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerRoom } from './answer-room.ts';
import { estimatePrompt, estimateTokens, unitsWithin } from './estimate-tokens.ts';

describe('the estimate of tokens', () => {
  it.each([
    ['', 0],
    ['word', 1],
    ['a', 0.25],
    ['a, b', 1.125],
    ['{"id":42}', 4.3125],
    ['Über', 1.75],
    ['नमस्ते', 4.125],
    ['Привет', 3],
    ['こんにちは', 5],
    ['👍', 2],
  ])('of %j is %d', (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens);
  });

  it('counts everything that is in a prompt', () => {
    const plain = { system: 'word', turns: [{ role: 'user' as const, text: 'word' }] };
    expect(estimatePrompt(plain)).toBe(6);
    expect(estimatePrompt({ ...plain, continues: 'word' })).toBe(7);
    const imageUrls = ['data:image/png;base64,AAAA'];
    expect(estimatePrompt({ ...plain, turns: [{ role: 'user', text: 'word', imageUrls }] })).toBe(1_006);
  });

  it('gives the longest beginning that so many tokens are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'я', '語', '👍') }),
        fc.integer({ min: 0, max: 40 }),
        (text, quarters) => {
          const units = unitsWithin(text, quarters / 4);
          expect(estimateTokens(text.slice(0, units))).toBeLessThanOrEqual(quarters / 4);
          if (units < text.length)
            expect(estimateTokens(text.slice(0, units + 1))).toBeGreaterThan(quarters / 4);
        },
      ),
    );
  });
});

describe('the room of an answer', () => {
  it('takes words until it is full, however they are cut, and no half of a pair', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'я', '語', '👍') })),
        fc.integer({ min: 0, max: 20 }),
        (words, tokens) => {
          const room = new AnswerRoom(tokens);
          const taken = words.map((word) => room.take(word)).join('');
          expect(estimateTokens(taken)).toBeLessThanOrEqual(tokens);
          expect(taken.isWellFormed()).toBe(true);
          if (estimateTokens(words.join('')) <= tokens) expect(taken).toBe(words.join(''));
        },
      ),
    );
  });

  it('takes everything where nothing limits it', () => {
    expect(new AnswerRoom().take('x'.repeat(1_000_000))).toHaveLength(1_000_000);
  });
});
