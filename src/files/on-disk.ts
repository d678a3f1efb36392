import { DomainError } from '../core/errors.ts';

/** Does what needs the disk. @throws DomainError `files-unavailable` for what the disk refuses */
export async function onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw new DomainError('files-unavailable', { cause });
  }
}
