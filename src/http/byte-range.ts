import type { ByteRange } from '../core/ports.ts';

/**
 * The part of so many bytes that a `Range` header asks for; undefined for all of them: where it asks for nothing that is understood, or
 * for several parts, which nobody has to be given. `unsatisfiable` where no byte of it exists (RFC 9110, section 14).
 */
export function readByteRange(
  header: string | undefined,
  sizeBytes: number,
): ByteRange | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes= *(\d{0,15})-(\d{0,15}) *$/i.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  if (first === '') {
    const wanted = Math.min(Number(last), sizeBytes);
    return wanted === 0 ? 'unsatisfiable' : { first: sizeBytes - wanted, last: sizeBytes - 1 };
  }
  const range = {
    first: Number(first),
    last: last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1),
  };
  if (last !== '' && Number(last) < range.first) return undefined;
  return range.first < sizeBytes ? range : 'unsatisfiable';
}
