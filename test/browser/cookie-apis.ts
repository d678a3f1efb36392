type AskedBy = readonly [method: string, path: string, body?: unknown];

/** An API that frontends use with a cookie: what they send. */
export type CookieApi = {
  name: string;
  signUp: AskedBy;
  signIn: AskedBy;
  /** Needs a login, and shows what `make` makes. */
  list: AskedBy;
  make: AskedBy;
  signOut: readonly [asked: AskedBy, status: number];
};

const password = 'correct horse battery';
const email = 'browser@example.org';

const api: CookieApi = {
  name: '/api/v1',
  signUp: ['POST', '/api/v1/auth/register', { username: 'native', password }],
  signIn: ['POST', '/api/v1/auth/sign-in', { login: 'native', password, mode: 'cookie' }],
  list: ['GET', '/api/v1/chats'],
  make: ['POST', '/api/v1/chats', {}],
  signOut: [['POST', '/api/v1/auth/sign-out', {}], 204],
};

const conversations: CookieApi = {
  name: 'conversations',
  signUp: ['POST', '/api/signup', { username: 'converser', password }],
  signIn: ['POST', '/api/login', { username: 'converser', password }],
  list: ['GET', '/api/conversations'],
  make: ['POST', '/api/conversations', { name: 'From a page' }],
  signOut: [['GET', '/api/logout'], 200],
};

const amanda: CookieApi = {
  name: 'amanda',
  signUp: ['POST', '/api/auth/signup', { email, password }],
  signIn: ['POST', '/api/auth/login', { email, password }],
  list: ['GET', '/api/chat/list'],
  make: ['POST', '/api/chat/create'],
  signOut: [['POST', '/api/auth/logout'], 200],
};

export const cookieApis = [api, conversations, amanda] as const;
