import { DomainError } from '../core/errors.ts';

/** A cursor is a kind and the numbers of a place, as base64url of a JSON list: opaque, and no secret. */
type CursorKind = 'chats' | 'older' | 'newer' | 'onward' | 'titles' | 'found';

/** A cursor that a client may send back. `numbers` are integers that JSON keeps exactly. */
export function encodeCursor(kind: CursorKind, ...numbers: readonly number[]): string {
  return Buffer.from(JSON.stringify([1, kind, ...numbers])).toString('base64url');
}

/**
 * The kind and the numbers of a cursor that this server gave out, where the kind is among the expected and the count is right.
 * @throws DomainError `cursor-invalid`
 */
export function decodeCursor<Kind extends CursorKind>(
  cursor: string,
  expected: Readonly<Record<Kind, number>>,
): { kind: Kind; numbers: number[] } {
  const [version, kind, ...numbers] = parseList(cursor);
  const count = Object.entries<number>(expected).find(([name]) => name === kind)?.[1];
  if (version !== 1 || numbers.length !== count || !numbers.every(isCount))
    throw new DomainError('cursor-invalid');
  return { kind: kind as Kind, numbers };
}

function parseList(cursor: string): unknown[] {
  if (!/^[\w-]{1,200}$/.test(cursor)) throw new DomainError('cursor-invalid');
  try {
    const value = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
    if (Array.isArray(value)) return value;
  } catch (cause) {
    throw new DomainError('cursor-invalid', { cause });
  }
  throw new DomainError('cursor-invalid');
}

// A Date reaches ± 8.64e15 ms, an id less than 2^53: what lies outside would reach the database as something else.
const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 8.64e15;
