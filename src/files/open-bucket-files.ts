import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttachmentUuid } from '../core/attachments/attachment.ts';
import { DomainError } from '../core/errors.ts';
import type { Files } from '../core/ports.ts';
import { onDisk } from './on-disk.ts';
import { type BucketSettings, openBucket } from './s3/bucket.ts';
import { listObjects } from './s3/list-objects.ts';
import { fileNameOf, isFileName, listFolder, spool } from './spool.ts';

/**
 * Keeps files in a bucket. What comes in is first written to a folder of this machine, where its size and hash are found out: then it
 * goes to the bucket in one signed request, and memory does not grow with the file.
 */
export function openBucketFiles(settings: BucketSettings, spoolFolder: string): Files {
  const bucket = openBucket(settings);
  const partOf = (uuid: AttachmentUuid) => join(spoolFolder, `${fileNameOf(uuid)}.part`);
  const removePart = (uuid: AttachmentUuid) => onDisk(() => rm(partOf(uuid), { force: true }));
  const removeObject = async (uuid: AttachmentUuid) => {
    const answer = await bucket.call({ method: 'DELETE', key: fileNameOf(uuid) });
    await answer?.body.dump();
  };

  return {
    async draft(uuid, incoming) {
      const part = partOf(uuid);
      const spooled = await spool(part, incoming);
      let state: 'here' | 'sending' | 'there' = 'here';
      return {
        ...spooled,
        async keep() {
          state = 'sending';
          const { sizeBytes, sha256 } = spooled;
          const answer = await bucket.call({
            method: 'PUT',
            key: fileNameOf(uuid),
            // Whoever finds another way to the bucket is given nothing that a browser runs.
            headers: { 'content-type': 'application/octet-stream' },
            body: { open: () => createReadStream(part), sizeBytes, sha256 },
          });
          if (!answer) throw new DomainError('files-unavailable', { cause: new Error('There is no bucket') });
          await answer.body.dump();
          state = 'there';
          await removePart(uuid);
        },
        async drop() {
          await removePart(uuid);
          if (state === 'there') await removeObject(uuid);
          // It may have arrived although no answer came. Nobody waits for a bucket that is away: what stays there is found later.
          if (state === 'sending') void removeObject(uuid).catch(() => undefined);
        },
      };
    },
    async read(uuid, range) {
      const headers = range ? { range: `bytes=${range.first}-${range.last}` } : {};
      const answer = await bucket.call({ method: 'GET', key: fileNameOf(uuid), headers });
      if (answer && range && answer.statusCode !== 206) {
        answer.body.destroy();
        throw new DomainError('files-unavailable', { cause: new Error('The bucket does not know ranges') });
      }
      return answer?.body;
    },
    async remove(uuid) {
      await removePart(uuid);
      await removeObject(uuid);
    },
    async *list(before) {
      for await (const { uuid, isDraft } of listFolder(spoolFolder, before)) {
        if (isDraft) yield { uuid, isDraft };
      }
      for await (const { key, changedAt } of listObjects(bucket)) {
        if (isFileName(key) && changedAt < before) yield { uuid: key, isDraft: false };
      }
    },
    close: () => bucket.close(),
  };
}
