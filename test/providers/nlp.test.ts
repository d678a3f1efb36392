import { describe, expect, it } from 'vitest';
import { createProvider } from '../../src/providers/index.ts';
import { ask, collect } from './collect.ts';
import { playedSurroundings, settingsFor } from './settings.ts';

const provider = createProvider(settingsFor({ provider: 'nlp' }), playedSurroundings());
const answer = async (text: string) => (await collect(provider, ask(text))).text;

describe('nlp understands what is wanted, however it is worded', () => {
  it.each([
    ['How much is twelve percent of eighty?', '9.6'],
    ['hey, I wonder what seven times six might be', '42'],
    ['Would you happen to know what time it might be?', '15:30'],
    ['I was wondering which day we have', '2026'],
    ['Come on, make me laugh', ''],
    ['I would love for you to explain databases to me', 'database'],
  ])('%s', async (text, expected) => {
    const said = await answer(text);
    expect(said.toLowerCase()).toContain(expected);
    expect(said).not.toContain('no language model');
  });
});

describe('nlp names what it finds', () => {
  it('people, places, dates and numbers, each in the words of the message', async () => {
    const said = await answer('Book dinner with Marie Curie in Paris next Friday for 12 guests at $20');
    expect(said).toContain('people: Marie Curie; places: Paris; dates: next Friday; numbers: 12, $20.');
    expect(said).toContain('no language model behind me');
  });

  it('in the beginning of a long message, so that nobody waits for the rest', async () => {
    const said = await answer(`Marie Curie ${'zxcv '.repeat(70)}Paris`);
    expect(said).toContain('people: Marie Curie.');
    expect(said).not.toContain('Paris');
  });

  it('nothing, and says so', async () => {
    expect(await answer('zxcv qwer')).toMatch(/^I (did not find anything|have no answer)/);
  });
});

describe('nlp hears the mood', () => {
  it.each([
    ['I hate this, it is terrible', 'I am sorry'],
    ['I am not happy with this', 'I am sorry'],
    ['I love this, it is wonderful', 'That is good to hear'],
    ['This is not bad at all, I love it', 'That is good to hear'],
  ])('%s', async (text, opening) => {
    expect(await answer(text)).toMatch(new RegExp(`^${opening}`));
  });

  it.each(['What is a virus?', 'Berlin', 'what is 12% of 80'])('of no mood is: %s', async (text) => {
    expect(await answer(text)).not.toMatch(/^(I am sorry|That is good)/);
  });
});
