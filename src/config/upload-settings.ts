import { bucketUrl } from './bucket-url.ts';
import { defineSetting } from './define-setting.ts';
import { matching, wholeNumber } from './parsers.ts';

/** What people may upload, and where it is kept. */
export const uploadSettings = {
  uploadMaxBytes: defineSetting({
    name: 'UPLOAD_MAX_BYTES',
    default: '10485760',
    parser: wholeNumber(1, 1_073_741_824),
    about: 'How large a file may be that somebody uploads, in bytes (10 MiB).',
  }),
  uploadQuotaBytes: defineSetting({
    name: 'UPLOAD_QUOTA_BYTES',
    default: '1073741824',
    parser: wholeNumber(1, 1_099_511_627_776),
    about: 'How much all files of a user may take up together, in bytes (1 GiB).',
  }),
  uploadMaxPixels: defineSetting({
    name: 'UPLOAD_MAX_PIXELS',
    default: '100000000',
    parser: wholeNumber(1, 10_000_000_000),
    about: 'How many pixels an image may have, all its frames together (100 million).',
  }),
  bucketUrl: defineSetting({
    name: 'S3_URL',
    default: null,
    secret: true,
    parser: bucketUrl,
    about: 'The bucket that keeps uploads instead of DATA_DIR: its server, its name, and a folder or none.',
  }),
  bucketRegion: defineSetting({
    name: 'S3_REGION',
    aliases: ['AWS_REGION'],
    default: 'us-east-1',
    parser: matching(/^[\w-]{1,64}$/, 'a region such as eu-central-1'),
    about: 'The region that requests to the bucket are signed for.',
  }),
  bucketKeyId: defineSetting({
    name: 'S3_ACCESS_KEY_ID',
    aliases: ['AWS_ACCESS_KEY_ID'],
    default: null,
    secret: true,
    parser: matching(/^[\x21-\x7e]{1,200}$/, 'visible ASCII characters without spaces'),
    about: 'The name of the key to the bucket.',
  }),
  bucketSecret: defineSetting({
    name: 'S3_SECRET_ACCESS_KEY',
    aliases: ['AWS_SECRET_ACCESS_KEY'],
    default: null,
    secret: true,
    parser: matching(/^[\x21-\x7e]{1,1000}$/, 'visible ASCII characters without spaces'),
    about: 'The key to the bucket, which signs every request and is never sent.',
  }),
};
