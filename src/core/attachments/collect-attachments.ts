import type { CoreDependencies } from '../dependencies.ts';

type Deps = Pick<CoreDependencies, 'store' | 'files' | 'clock'>;

/** How long a file may wait for a message to carry it, and an upload may take. */
const looseMs = 24 * 60 * 60_000;
const batch = 500;

/** Removes attachments that no message carries after a day. Returns how many went. */
export async function collectLoose({ store, files, clock }: Deps): Promise<number> {
  const before = new Date(clock().getTime() - looseMs);
  let total = 0;
  for (;;) {
    const loose = await store.attachments.loose(before, batch);
    // A message may have taken one up since: those stay, with their bytes.
    const gone = await store.transaction(async ({ attachments }) => {
      const removed = [];
      for (const { id, uuid } of loose) if (await attachments.removeLoose(id)) removed.push(uuid);
      return removed;
    });
    for (const uuid of gone) await files.remove(uuid);
    total += gone.length;
    if (gone.length < batch) return total;
  }
}

/** Removes files of which no row knows after a day: of uploads that a crash cut short, and of users who are gone. Returns how many went. */
export async function collectFiles({ store, files, clock }: Deps): Promise<number> {
  const before = new Date(clock().getTime() - looseMs);
  let total = 0;
  for await (const { uuid, isDraft } of files.list(before)) {
    if (!isDraft && (await store.attachments.exists(uuid))) continue;
    await files.remove(uuid);
    total += 1;
  }
  return total;
}
