import { MustBe } from './parser.ts';
import type { Parser } from './parser.ts';
import { httpUrl } from './parsers.ts';

/** The bucket's name, and folders in it. Names that a URL would have to escape are signed differently from server to server. */
const path = /^\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w-][\w.-]{0,100}){0,10}$/;

/** `https://host/bucket`, and a folder in it or none. The keys are settings of their own, so that no log can show them with the address. */
export const bucketUrl: Parser<string> = (text) => {
  const url = httpUrl(text);
  return typeof url === 'string' && path.test(new URL(url).pathname)
    ? url
    : new MustBe(
        'the address of a bucket such as https://s3.eu-central-1.amazonaws.com/bucket, without keys',
      );
};
