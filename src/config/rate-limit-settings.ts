import { defineSetting } from './define-setting.ts';
import { onOff, rate, wholeNumber } from './parsers.ts';

/** How often callers may do what costs the server much. */
export const rateLimitSettings = {
  rateLimits: defineSetting({
    name: 'RATE_LIMITS',
    default: 'on',
    parser: onOff,
    about: 'Limits on requests per caller; off is for load tests, and needs a loopback HOST.',
  }),
  rateLimitSignIn: defineSetting({
    name: 'RATE_LIMIT_SIGN_IN',
    default: '60/1m',
    parser: rate,
    about: 'How many sign-ins an address may try in which time.',
  }),
  rateLimitRegister: defineSetting({
    name: 'RATE_LIMIT_REGISTER',
    default: '60/10m',
    parser: rate,
    about: 'How many accounts an address may register in which time.',
  }),
  rateLimitSend: defineSetting({
    name: 'RATE_LIMIT_SEND',
    default: '120/1m',
    parser: rate,
    about: 'How many messages an account may send in which time; an address may send ten times as many.',
  }),
  rateLimitWrite: defineSetting({
    name: 'RATE_LIMIT_WRITE',
    default: '600/1m',
    parser: rate,
    about:
      'How many other changes (chats, edits, profiles) an account may make in which time; an address ten times as many.',
  }),
  rateLimitGuesses: defineSetting({
    name: 'RATE_LIMIT_GUESSES',
    default: '100/1h',
    parser: rate,
    about: 'How many wrong passwords in a row an account takes in which time, from everywhere together.',
  }),
  rateLimitLocalFactor: defineSetting({
    name: 'RATE_LIMIT_LOCAL_FACTOR',
    default: '100',
    parser: wholeNumber(1, 1_000_000),
    about:
      'How many times more sign-ins, accounts, messages and changes this machine and private networks may.',
  }),
};
