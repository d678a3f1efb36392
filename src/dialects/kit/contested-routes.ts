import type { IncomingHttpHeaders } from 'node:http';

/** A route that two dialects claim, and the rule that tells their callers apart. Rules name dialects; undefined means neither. */
export type ContestedRoute = {
  method: 'POST';
  path: string;
  between: readonly [string, string];
} & (
  | { ofHeaders: (headers: IncomingHttpHeaders) => string }
  | { ofBody: (body: object) => string | undefined }
);

/** histories' callers carry a token; amanda's a cookie, or nothing yet. */
const byToken = ({ authorization }: IncomingHttpHeaders) =>
  authorization === undefined ? 'amanda' : 'histories';

/**
 * Every route that is claimed twice. Each dialect declares its own as any other route; `settleContests` acts only where both are
 * mounted. A third claimant, or a clash that is not listed, stops the start.
 */
export const contestedRoutes: readonly ContestedRoute[] = [
  {
    method: 'POST',
    path: '/api/auth/login',
    between: ['histories', 'amanda'],
    ofBody: (body) => (names(body, 'username') ? 'histories' : names(body, 'email') ? 'amanda' : undefined),
  },
  { method: 'POST', path: '/api/auth/logout', between: ['histories', 'amanda'], ofHeaders: byToken },
  { method: 'POST', path: '/api/chat/create', between: ['histories', 'amanda'], ofHeaders: byToken },
];

const names = (body: object, field: string): boolean => {
  const value: unknown = Object.entries(body).find(([name]) => name === field)?.[1];
  return value !== undefined && value !== null;
};
