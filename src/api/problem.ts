import { STATUS_CODES } from 'node:http';
import Type from 'typebox';
import { type DomainError, errors, type ErrorCode } from '../core/errors.ts';
import { statusOf } from '../http/problem.ts';
import type { ErrorAnswer } from '../http/render-errors.ts';
import { problem as example } from './examples.ts';
import { refTo } from './wire.ts';

const problemType = 'application/problem+json';

export const ProblemWire = Type.Object(
  {
    type: Type.String(),
    title: Type.String({ description: 'The meaning of the status.' }),
    status: Type.Integer(),
    code: Type.String({ description: 'What happened, for programs; see docs/errors.md.' }),
    detail: Type.String({ description: 'What happened, for people.' }),
    errors: Type.Optional(
      Type.Array(Type.Object({ field: Type.String(), problem: Type.String() }), {
        description: 'Which fields are wrong, and how.',
      }),
    ),
  },
  { $id: 'Problem', description: 'A failure, by RFC 9457.', examples: [example] },
);

/** So many fields are named, at most. */
const namedFields = 20;

/**
 * A failure as this API words it. That a chat exists and is another user's is not told: it is not found, as one that never was.
 */
export function renderProblem(error: DomainError): ErrorAnswer {
  const code = shownCode(error.code);
  const { kind, message } = errors[code];
  const status = statusOf[kind];
  return {
    status,
    headers: {
      'content-type': problemType,
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
    body: {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? '',
      status,
      code,
      detail: message,
      ...(error.details.length > 0 ? { errors: error.details.slice(0, namedFields) } : {}),
    },
  };
}

const shownCode = (code: ErrorCode): ErrorCode => (code === 'chat-not-yours' ? 'chat-not-found' : code);

const requestCodes = ['request-malformed', 'fields-missing', 'field-invalid'] as const;
const bodyCodes = ['key-forbidden', 'request-too-deep', 'body-too-large', 'media-type-unsupported'] as const;
const userCodes = [
  'credentials-missing',
  'token-invalid',
  'token-expired',
  'session-ended',
  'user-disabled',
] as const;
const alwaysCodes = ['too-many-requests', 'storage-unavailable', 'server-stopping', 'server-error'] as const;

/**
 * The failures of a route as response schemas, by status, each naming its codes. `open`: it can be called without signing in;
 * `body`: it takes JSON.
 */
export function problems(options: { open?: boolean; body?: boolean; codes?: readonly ErrorCode[] } = {}) {
  const { open = false, body = false, codes = [] } = options;
  const known = [
    ...requestCodes,
    ...(body ? bodyCodes : []),
    ...(open ? [] : userCodes),
    ...codes,
    ...alwaysCodes,
  ];
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set(known)) {
    const status = statusOf[errors[code].kind];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codesOfIt]) => [
      status,
      {
        description: `${STATUS_CODES[status] ?? ''}: ${codesOfIt.map((code) => `\`${code}\``).join(', ')}`,
        content: { [problemType]: { schema: refTo(ProblemWire) } },
      },
    ]),
  );
}
