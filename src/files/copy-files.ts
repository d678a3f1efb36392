import type { Files } from '../core/ports.ts';

/** Copies every file that is not there yet, and says how many. One that is removed meanwhile is left out. @throws DomainError `files-unavailable` */
export async function copyFiles(from: Files, to: Files): Promise<number> {
  const there = new Set<string>();
  for await (const { uuid, isDraft } of to.list(farAhead)) if (!isDraft) there.add(uuid);
  let count = 0;
  for await (const { uuid, isDraft } of from.list(farAhead)) {
    const bytes = isDraft || there.has(uuid) ? undefined : await from.read(uuid);
    if (!bytes) continue;
    // A copy that broke off may have left a draft.
    await to.remove(uuid);
    const draft = await to.draft(uuid, { bytes, limitBytes: Number.MAX_SAFE_INTEGER });
    await draft.keep();
    count += 1;
  }
  return count;
}

/** Whatever clock wrote the files: all of them are before this. */
const farAhead = new Date('9999-12-31T00:00:00Z');
