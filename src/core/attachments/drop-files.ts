import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { AttachmentUuid } from './attachment.ts';

/** Removed at the same time: a chat may have hundreds, and a bucket answers each on its own. */
const atOnce = 8;

/** Removes the bytes of attachments whose rows are gone. What cannot be removed now is found within a day by the one who tidies up. */
export async function dropFiles(
  { files, log }: Pick<CoreDependencies, 'files' | 'log'>,
  uuids: readonly AttachmentUuid[],
): Promise<void> {
  for (let first = 0; first < uuids.length; first += atOnce) {
    const removed = await Promise.allSettled(
      uuids.slice(first, first + atOnce).map((uuid) => files.remove(uuid)),
    );
    const failed = removed.find((one) => one.status === 'rejected');
    if (failed) {
      const { code, cause } = DomainError.from(failed.reason);
      log.warn({ code, err: cause }, 'could not remove files whose messages are gone');
      return;
    }
  }
}
