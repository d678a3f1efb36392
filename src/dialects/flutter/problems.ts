import type { DomainError, ErrorCode, ErrorDetail } from '../../core/errors.ts';

/** What is wrong with one field, as the framework of the original words it. */
export type Problem = { type: string; loc: (string | number)[]; msg: string; input: unknown };

/** Where a failure lies that names no field itself. */
const fieldOfCode: Partial<Record<ErrorCode, string>> = {
  'text-empty': 'content',
  'text-too-long': 'content',
  'title-empty': 'title',
  'title-too-long': 'title',
  'username-invalid': 'username',
  'email-invalid': 'email',
  'password-invalid': 'password',
  'file-empty': 'file',
};
/** The core's names of fields that are called otherwise here. */
const wireNames: Readonly<Record<string, string>> = { text: 'content' };

const unreadable = new Set<ErrorCode>(['request-malformed', 'request-too-deep', 'key-forbidden']);

/** A list with one entry for each field that is wrong; one at least. */
export function toProblems(error: DomainError, body: unknown): Problem[] {
  if (error.code === 'idempotency-key-invalid') {
    return [{ ...worded(error.message), loc: ['header', 'idempotency-key'], input: null }];
  }
  if (unreadable.has(error.code)) {
    return [{ type: 'json_invalid', loc: ['body'], msg: error.message, input: {} }];
  }
  const isMissing = error.code === 'fields-missing';
  const problems = detailsOf(error).map(({ field, problem }): Problem => {
    const path = pathOf(field);
    const loc = ['body', ...path];
    if (isMissing && problem === 'is required') {
      return { type: 'missing', loc, msg: 'Field required', input: shown(body) };
    }
    return { ...worded(problem), loc, input: shown(path.reduce(partOf, body)) };
  });
  // What may be one of several things is wrong in several ways.
  const seen = new Set<string>();
  return problems.filter(({ loc }) => seen.size < seen.add(loc.join('.')).size);
}

function detailsOf(error: DomainError): readonly ErrorDetail[] {
  if (error.details.length > 0) return error.details;
  return [{ field: fieldOfCode[error.code] ?? '', problem: error.message }];
}

const pathOf = (field: string): (string | number)[] =>
  field === ''
    ? []
    : (wireNames[field] ?? field).split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));

const wordings: readonly [RegExp, Pick<Problem, 'type' | 'msg'>][] = [
  [/^must be .*string/, { type: 'string_type', msg: 'Input should be a valid string' }],
  [/^must be .*boolean/, { type: 'bool_type', msg: 'Input should be a valid boolean' }],
  [/^must be .*array/, { type: 'list_type', msg: 'Input should be a valid list' }],
  [/^must be object/, { type: 'model_attributes_type', msg: 'Input should be a valid dictionary' }],
];

const worded = (problem: string): Pick<Problem, 'type' | 'msg'> =>
  wordings.find(([pattern]) => pattern.test(problem))?.[1] ?? {
    type: 'value_error',
    msg: `Value error, ${problem}`,
  };

const partOf = (value: unknown, step: string | number): unknown =>
  Object.entries(shown(value) ?? {}).find(([key]) => key === String(step))?.[1];

/** What was sent, as it may be said back: without secrets, and without the key that the client takes for an envelope. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'password' && key !== 'data')
      .map(([key, inner]) => [key, shown(inner)]),
  );
}
