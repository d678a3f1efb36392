import { DomainError } from '../core/errors.ts';

/** The entity tag of a revision. */
export const etagOf = ({ revision }: { revision: number }): string => `"${revision}"`;

const entityTags = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")*$/;

/**
 * The revision that a change may be based on, by `If-Match` (RFC 9110, section 13.1.1): undefined where any will do.
 * Several tags, or none that can be a revision, are compared with the one that `current` reads.
 * @throws DomainError `revision-stale`, `field-invalid`
 */
export async function readIfMatch(
  header: string | undefined,
  current: () => Promise<{ revision: number }>,
): Promise<number | undefined> {
  const value = header?.trim();
  if (value === undefined || value === '*') return undefined;
  if (!entityTags.test(value)) {
    throw new DomainError('field-invalid', {
      details: [{ field: 'If-Match', problem: 'must be entity tags' }],
    });
  }
  // Weak tags never match here, so that they need not be told apart further.
  const tags = value.split(',').map((tag) => tag.trim());
  const only = tags.length === 1 ? /^"([1-9]\d{0,14}|0)"$/.exec(tags[0] ?? '')?.[1] : undefined;
  if (only !== undefined) return Number(only);
  const { revision } = await current();
  if (!tags.includes(etagOf({ revision }))) throw new DomainError('revision-stale');
  return revision;
}

/** The same for a change that cannot check by itself: it is checked right before. @throws DomainError as `readIfMatch` */
export async function requireMatch(
  header: string | undefined,
  current: () => Promise<{ revision: number }>,
): Promise<void> {
  const wanted = await readIfMatch(header, current);
  if (wanted !== undefined && wanted !== (await current()).revision) throw new DomainError('revision-stale');
}
