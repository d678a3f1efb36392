import type { Rule } from './question.ts';

const times = new Set([
  'time',
  'what time is it',
  'what time is it now',
  "what's the time",
  'what is the time',
  'whats the time',
  'tell me the time',
  'the time',
  'do you know what time it is',
  'do you have the time',
  'current time',
  'what is the current time',
  "what's the current time",
  'time please',
  'what time is it please',
  'can you tell me the time',
  'what is the time now',
]);
const dates = new Set([
  'date',
  'what date is it',
  "what's the date",
  'what is the date',
  'what is the date today',
  "what's the date today",
  'whats the date',
  "what is today's date",
  "what's today's date",
  "today's date",
  'what day is it',
  'what day is it today',
  'what day is today',
  'what is today',
  "what's today",
  'current date',
  'what is the current date',
  'which day is it',
  'what year is it',
  'what month is it',
  'tell me the date',
  'what date is it today',
  'what year is this',
  'today',
]);

// A formatter takes longer to make than all other rules together: whoever asks waits for it, and no start.
const time = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const;
const date = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;

/** The server's clock and zone: the user's own is not known here. */
export const answerTime: Rule = ({ plain }, { now }) =>
  times.has(plain) ? `By the clock of this server it is ${now().toLocaleString('en-GB', time)}.` : undefined;

export const answerDate: Rule = ({ plain }, { now }) =>
  dates.has(plain)
    ? `Today is ${now().toLocaleString('en-GB', date)}, by the clock of this server.`
    : undefined;
