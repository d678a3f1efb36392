import { describe, expect, it } from 'vitest';
import type { PromptTurn } from '../../src/core/provider.ts';
import { createProvider } from '../../src/providers/index.ts';
import { ask, collect } from './collect.ts';
import { playedSurroundings, settingsFor } from './settings.ts';

const answerWith = async (turns: readonly PromptTurn[], seed = 1): Promise<string> => {
  const provider = createProvider(settingsFor({ seed }), playedSurroundings());
  return (await collect(provider, ask('', { turns }))).text;
};
const answer = (text: string, seed = 1): Promise<string> => answerWith([{ role: 'user', text }], seed);

const honest = /built-in responder/;
const connect = /AI_PROVIDER=openai.*OPENAI_BASE_URL.*OPENAI_API_KEY.*AI_MODEL/;

describe('the built-in responder', () => {
  it.each([
    ['hello', /^Hello!/],
    ['Hi there!!!', /^Hello!/],
    ['Good morning', /^Good morning!/],
    ['¡Hola!', /^¡Hola!.*English/],
    ['Bonjour', /^Bonjour.*English/],
    ['Привет!', /^Привет!.*English/],
    ['你好', /^你好！.*English/],
    ['goodbye', /Bye|Goodbye|next time/],
    ['Thank you so much!', /welcome|Happy|Any time/],
    ['help', /arithmetic/],
    ['What can you do?', /arithmetic/],
    ['Who are you?', honest],
    ['are you ChatGPT?', honest],
    ['How are you?', /you/],
    ["I'm fine, thanks.", /Glad|good to hear/],
    ['tell me a joke', /./],
    ['please tell me a joke', /./],
    ['What time is it?', /15:30/],
    ["what's today's date", /Wednesday, 4 March 2026/],
    ['what is 12% of 80?', /^12% of 80 = 9\.6$/],
    ['2+2', /^2\+2 = 4$/],
    ['calculate (1.5 + 2) * 4', /= 14$/],
    ['0.1 + 0.2 =', /= 0\.3$/],
    ['what does 3 times 4 equal?', /= 12$/],
    ['1/0', /divides by zero/],
    ['What is Python?', /^Python is a high-level programming language/],
    ['what are APIs?', /^An API/],
    ['Explain machine learning to me, please', /^Machine learning/],
    ['what does HTTP stand for?', /^HTTP/],
    ['docker', /^Docker/],
    ['C++', /^C\+\+/],
    ['Hello, what is SQL?', /^Hello! SQL is/],
    ['Hey! 6 * 7', /^Hello! 6 \* 7 = 42$/],
    ['My name is Ada Lovelace', /Ada Lovelace/],
    ["what's my name?", /not told me/],
    ['Write a poem about the sea', connect],
    ['2026-03-04', connect],
    ['', /did not catch/],
    ['   \n ', /did not catch/],
    ['?!...', /did not catch/],
    ['😀', honest],
    ['constructor', connect],
    ['what is __proto__', connect],
    ['toString', connect],
  ])('%j', async (text, expected) => {
    expect(await answer(text)).toMatch(expected);
  });

  it('remembers the name that was given last in the chat', async () => {
    const turns: PromptTurn[] = [
      { role: 'user', text: 'Hi, my name is ada.' },
      { role: 'assistant', text: 'My name is Robot' },
      { role: 'user', text: "I'm Grace" },
      { role: 'assistant', text: 'Hello!' },
    ];
    expect(await answerWith([...turns, { role: 'user', text: 'what is my name?' }])).toContain('Grace');
    expect(await answerWith([...turns.slice(0, 2), { role: 'user', text: 'Who am I?' }])).toContain('Ada');
    expect(await answerWith([...turns, { role: 'user', text: 'hello' }])).toMatch(/^Hello, Grace!/);
  });

  it.each(['I am tired', 'I am Happy Because It Rains Today', "I'm not sure about this", 'this is nonsense'])(
    'takes nobody for a name in %j',
    async (text) => {
      expect(
        await answerWith([
          { role: 'user', text },
          { role: 'user', text: "what's my name" },
        ]),
      ).toContain('not told me');
    },
  );

  it('says honestly that it cannot see an image', async () => {
    expect(
      await answerWith([{ role: 'user', text: 'What is this?', imageUrls: ['https://example.org/a.png'] }]),
    ).toMatch(/cannot look/);
  });

  it('differs between seeds, and never within one', async () => {
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const jokes = await Promise.all(seeds.map((seed) => answer('tell me a joke', seed)));
    expect(new Set(jokes).size).toBeGreaterThan(2);
    expect(await Promise.all(seeds.map((seed) => answer('tell me a joke', seed)))).toEqual(jokes);
  });

  it('goes on from any place of its answer', async () => {
    const provider = createProvider(settingsFor({}), playedSurroundings());
    const whole = await answer('help');
    for (let length = 0; length <= whole.length; length += 7) {
      const start = whole.slice(0, length);
      const { text } = await collect(provider, ask('help', { continues: start }));
      expect(start + text).toBe(whole);
    }
    const other = await collect(provider, ask('help', { continues: 'It was 14:59' }));
    expect(other.text).toBe(` ... I was cut off there, so here it is again: ${whole}`);
  });

  it('streams word by word, at the pace that is set', async () => {
    const surroundings = playedSurroundings();
    const provider = createProvider(settingsFor({ basicWordDelayMs: 30 }), surroundings);
    const { events } = await collect(provider, ask('2 + 2'));
    expect(events).toEqual([
      ...['2 ', '+ ', '2 ', '= ', '4'].map((text) => ({ type: 'text-delta', text })),
      { type: 'usage', promptTokens: 3, completionTokens: 5, estimated: true },
      { type: 'finish', reason: 'stop' },
    ]);
    expect(surroundings.pauses).toEqual([30, 30, 30, 30, 30]);
  });

  it.each([
    ['letters', 'a'],
    ['spaces', ' '],
    ['words', 'the '],
    ['parentheses', '('],
    ['operators', '1+'],
    ['minus signs', '-'],
    ['digits', '9'],
    ['thousands', '1,000,'],
    ['punctuation', '.!?'],
    ['quotes', '\'"'],
    ['greetings', 'hello, '],
    ['names', 'my name is '],
    ['ligatures that grow', 'ﷺ'],
    ['half characters', '\ud83d'],
    ['combining marks', 'e\u0301'],
  ])('answers 100 kB of %s at once', async (_name, unit) => {
    for (const size of [999, 100_000]) {
      const text = `x${unit.repeat(size)}`.slice(0, size);
      const turns: PromptTurn[] = [
        { role: 'user', text },
        { role: 'assistant', text },
        { role: 'user', text },
      ];
      const startedAt = performance.now();
      expect(await answerWith(turns)).not.toBe('');
      // Anything quadratic would take minutes.
      expect(performance.now() - startedAt).toBeLessThan(1000);
    }
  });
});
