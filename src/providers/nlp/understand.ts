import nlp from 'compromise';
import { readMood } from './mood.ts';
import type { Mood } from './mood.ts';

/** What can be told about a message without a language model. */
export type Understanding = {
  /** Everything that is named in it, in its own words and order, each once. */
  named: Record<Kind, readonly string[]>;
  mood: Mood;
  /** The same wish in words that rules may know, the likeliest first. */
  rephrased: readonly string[];
};

export type Kind = 'people' | 'places' | 'dates' | 'numbers';

type Text = ReturnType<typeof nlp>;

/** What is read of a message, in UTF-16 code units: of numbers in words the time grows with the square of the length, and everybody waits. */
const longestRead = 300;

/** Reads the beginning of a message, up to `longestRead`. The same message is always read alike. */
export const understand = (message: string): Understanding => {
  const text = message.slice(0, longestRead);
  const doc = nlp(text);
  const dates = listOf(doc.match('(next|last|this|every)? #Date+'));
  return {
    named: {
      people: listOf(doc.people()),
      places: listOf(doc.places()),
      dates,
      numbers: listOf(doc.numbers()).filter((number) => !dates.some((date) => date.includes(number))),
    },
    mood: readMood(text),
    rephrased: rephrase(doc),
  };
};

const listOf = (found: { out(format: 'array'): unknown }): string[] => {
  const texts = found.out('array') as string[];
  return [...new Set(texts.map((one) => one.replaceAll(/^[^\p{L}\p{N}$€£]+|[^\p{L}\p{N}%]+$/gu, '')))].filter(
    (one) => one !== '',
  );
};

/** Wishes by how they are worded, and what the rules of `basic` call them. */
const intents: readonly (readonly [pattern: string, question: string])[] = [
  ['(joke|jokes)', 'tell me a joke'],
  ['make (me|us) (laugh|smile)', 'tell me a joke'],
  ['(something|anything) funny', 'tell me a joke'],
  ['(what|tell|know|have|got|check) * (time|clock)', 'what time is it'],
  ['how late is', 'what time is it'],
  ['(what|which|tell|know) * (date|day|weekday|month|year)', "what is today's date"],
  ['(what|how) * (can|could) you (do|help|offer|answer)', 'help'],
  ['(need|want) (some|your)? help', 'help'],
  ['(who|what) are you', 'who are you'],
  ['(remember|know|guess) * my name', 'what is my name'],
  ['(thank|thanks|grateful)', 'thanks'],
  ['(bye|goodbye|farewell)', 'bye'],
  ['(see|talk to) you (later|soon|tomorrow)', 'bye'],
];

/** With digits for the numbers that are written out. */
const plainOf = (doc: Text): string => {
  const copy = nlp(doc.text());
  copy.numbers().toNumber();
  return copy.text();
};

const rephrase = (doc: Text): string[] => {
  const plain = plainOf(doc);
  const [sum] =
    /[-(]?\d[\d\s.,+*/^()%x×÷-]*(?:(?:plus|minus|times|divided by|percent|of)\s*[\d\s.,%()-]+)*/i.exec(
      plain,
    ) ?? [];
  const isCalculable =
    sum !== undefined && /\d\D*[-+*/^%x×÷]|\d\s*(?:plus|minus|times|divided|percent|of)/i.test(sum);
  const wishes = intents.filter(([pattern]) => doc.has(pattern)).map(([, question]) => question);
  const asksWhat = doc.has('(what|explain|define|describe|meaning|mean|means|tell|know)');
  const things: string[] = asksWhat ? doc.nouns().toSingular().out('array') : [];
  return [
    ...(isCalculable ? [`what is ${sum.trim()}`] : []),
    ...wishes,
    ...things.map((thing) => `what is ${thing.toLowerCase()}`),
  ];
};
