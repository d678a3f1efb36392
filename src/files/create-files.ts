import { join } from 'node:path';
import type { Files } from '../core/ports.ts';
import { openBucketFiles } from './open-bucket-files.ts';
import { openFiles } from './open-files.ts';
import type { BucketSettings } from './s3/bucket.ts';

export type FilesSettings = {
  dataDir: string;
  /** Undefined: files stay in the data folder. */
  bucket: BucketSettings | undefined;
};

/** Where the operator wants uploads to be. */
export function createFiles({ dataDir, bucket }: FilesSettings): Files {
  const folder = join(dataDir, 'uploads');
  return bucket ? openBucketFiles(bucket, folder) : openFiles(folder);
}
