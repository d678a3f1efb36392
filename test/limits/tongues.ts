import { randomUUID } from 'node:crypto';
import type { InjectOptions } from 'fastify';

export type Person = { username: string; email: string; password: string };

/** How one API takes names and passwords, and what it answers when it is asked too often. */
export type Tongue = {
  name: string;
  register(person: Person): InjectOptions;
  signIn(person: Person): InjectOptions;
  refusal: unknown;
};

const sentence = 'Too many requests; try again later';
const post = (url: string, payload: object): InjectOptions => ({ method: 'POST', url, payload });

/** A new name for each test, so that no test counts for another. */
export function newPerson(): Person {
  const username = `p${randomUUID().slice(24)}`;
  return { username, email: `${username}@example.org`, password: 'Correct-horse-7' };
}

export const api: Tongue = {
  name: 'api',
  register: ({ username, email, password }) => post('/api/v1/auth/register', { username, email, password }),
  signIn: ({ username, password }) => post('/api/v1/auth/sign-in', { login: username, password }),
  refusal: {
    type: 'about:blank',
    title: 'Too Many Requests',
    status: 429,
    code: 'too-many-requests',
    detail: sentence,
  },
};

export const tongues: readonly Tongue[] = [
  api,
  {
    name: 'histories',
    register: (person) => post('/api/auth/register', person),
    signIn: ({ username, password }) => post('/api/auth/login', { username, password }),
    refusal: { error: sentence },
  },
  {
    name: 'conversations',
    register: ({ username, password }) => post('/api/signup', { username, password }),
    signIn: ({ username, password }) => post('/api/login', { username, password }),
    refusal: { error: sentence },
  },
  {
    name: 'amanda',
    register: ({ email, password }) => post('/api/auth/signup', { email, password }),
    signIn: ({ email, password }) => post('/api/auth/login', { email, password }),
    refusal: { success: false, message: sentence },
  },
  {
    name: 'chat-sessions',
    register: (person) => post('/auth/register', person),
    signIn: ({ username, password }) => post('/auth/login', { username, password }),
    refusal: { error: sentence },
  },
  {
    name: 'flutter',
    register: (person) => post('/users/', person),
    signIn: ({ username, password }) => ({
      method: 'POST',
      url: '/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ username, password }).toString(),
    }),
    refusal: { detail: sentence },
  },
];
