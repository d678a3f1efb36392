import { AwsV4Signer } from 'aws4fetch';
import { setTimeout as delay } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import { DomainError } from '../../core/errors.ts';

/** Where a bucket is, and who may use it. */
export type BucketSettings = {
  /** `https://host/bucket`, and a folder in it or none; without a slash at its end. */
  url: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
};

export type BucketCall = {
  method: 'GET' | 'PUT' | 'DELETE';
  /** Of an object, below the folder; empty for the bucket itself. */
  key: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  /** Opened anew for each attempt. */
  body?: { open(): Readable; sizeBytes: number; sha256: string };
};
export type BucketAnswer = Pick<Dispatcher.ResponseData, 'statusCode' | 'body'>;

export interface Bucket {
  /** The folder's name with a slash behind it; empty for none. */
  readonly prefix: string;
  /** An answer of 2xx, or undefined where there is no such object. @throws DomainError `files-unavailable` */
  call(call: BucketCall): Promise<BucketAnswer | undefined>;
  close(): Promise<void>;
}

/** Of nothing, in hex. */
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const pausesMs = [100, 400];
const silenceMs = 30_000;
/** After so long nothing is tried again: somebody waits. */
const patienceMs = 10_000;

/** Speaks the S3 API, every request signed (SigV4) with its content. What fails for a moment is tried again. */
export function openBucket({ url, ...credentials }: BucketSettings): Bucket {
  const agent = new Agent({
    connect: { timeout: 5_000 },
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
  });
  const base = new URL(url);
  const [, bucket = '', ...folders] = base.pathname.split('/');
  const prefix = folders.map((folder) => `${folder}/`).join('');

  async function send({ method, key, query = {}, headers = {}, body }: BucketCall): Promise<BucketAnswer> {
    const path = key === '' ? `/${bucket}` : `/${bucket}/${prefix}${key}`;
    const target = new URL(path, base);
    for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
    const signer = new AwsV4Signer({
      ...credentials,
      service: 's3',
      method,
      url: target.href,
      headers: { ...headers, 'x-amz-content-sha256': body?.sha256 ?? emptySha256 },
    });
    const signed = await signer.sign();
    return agent.request({
      origin: target.origin,
      path: `${target.pathname}${target.search}`,
      method,
      headers: {
        ...Object.fromEntries(signed.headers),
        ...(body ? { 'content-length': String(body.sizeBytes) } : {}),
      },
      ...(body ? { body: body.open() } : {}),
    });
  }

  return {
    prefix,
    async call(call) {
      const started = performance.now();
      for (let attempt = 0; ; attempt += 1) {
        const outcome = await attemptCall(() => send(call));
        if (!('failure' in outcome)) return outcome.answer;
        const pauseMs = performance.now() - started < patienceMs ? pausesMs[attempt] : undefined;
        if (!outcome.isMomentary || pauseMs === undefined) {
          throw new DomainError('files-unavailable', { cause: outcome.failure });
        }
        await delay(pauseMs);
      }
    },
    close: () => agent.destroy(),
  };
}

type Outcome = { answer: BucketAnswer | undefined } | { failure: unknown; isMomentary: boolean };

async function attemptCall(send: () => Promise<BucketAnswer>): Promise<Outcome> {
  try {
    const answer = await send();
    const { statusCode } = answer;
    // Who reads it hears of its failure by reading; a reader who left has nothing to hear.
    answer.body.on('error', () => undefined);
    if (statusCode < 300) return { answer };
    const code = await codeOf(answer);
    if (statusCode === 404 && code !== 'NoSuchBucket') return { answer: undefined };
    const failure = new Error(`The bucket answered ${statusCode} ${code}`);
    return { failure, isMomentary: statusCode >= 500 || statusCode === 429 };
  } catch (failure) {
    return { failure, isMomentary: true };
  }
}

/** What a refusal says in its `Code`, and nothing else: the rest of it may name keys. */
async function codeOf({ body }: BucketAnswer): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    text += String(chunk);
    if (text.length > 10_000) break;
  }
  return /<Code>(\w{1,80})<\/Code>/.exec(text)?.[1] ?? 'without a code';
}
