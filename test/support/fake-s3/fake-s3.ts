import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { BucketSettings } from '../../../src/files/s3/bucket.ts';
import { type KeyPair, refusalOf } from './verify-signature.ts';

/** What goes wrong with the next requests of a method, each once: a status, a connection that breaks, an answer that is lost. */
export type Trouble = number | 'reset' | 'answer-lost';
type StoredObject = { bytes: Buffer; changedAt: Date; contentType: string | undefined };

export type FakeS3 = {
  settings: BucketSettings;
  /** By key, with the folder. */
  objects: Map<string, StoredObject>;
  /** Method, path and query of each request, in order. */
  requests: string[];
  trouble: { method: string; what: Trouble }[];
  /** Keys to a page of a list. */
  pageSize: number;
  clock: () => Date;
  close(): Promise<void>;
};

const pair: KeyPair = {
  accessKeyId: 'AKIAPARLANCETEST',
  secretAccessKey: 'a/secret+of/the+bucket=never+to+be+seen',
  region: 'eu-test-1',
};
const bucket = 'parlance-test';

/** A bucket that takes nothing whose signature, content or date is wrong. */
export async function startFakeS3(): Promise<FakeS3> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const fake: FakeS3 = {
    settings: { url: `http://127.0.0.1:${port}/${bucket}/some/folder`, ...pair },
    objects: new Map(),
    requests: [],
    trouble: [],
    pageSize: 1_000,
    clock: () => new Date(),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    fake.requests.push(`${method} ${url}`);
    const index = fake.trouble.findIndex((one) => one.method === method);
    const [trouble] = index === -1 ? [] : fake.trouble.splice(index, 1);
    if (trouble?.what === 'reset') return void request.socket.destroy();
    const body = await buffer(request).catch(() => Buffer.alloc(0));
    if (typeof trouble?.what === 'number') return refuse(response, trouble.what, 'SlowDown');
    const refusal = refusalOf(request, body, { pair, now: fake.clock() });
    if (refusal !== undefined) return refuse(response, 403, refusal);
    const { pathname, searchParams } = new URL(url, 'http://bucket');
    const [, name, ...rest] = pathname.split('/');
    if (name !== bucket) return refuse(response, 404, 'NoSuchBucket');
    const key = rest.join('/');
    const done = key === '' ? list(response, searchParams) : act({ request, response, key, body });
    if (trouble?.what === 'answer-lost') request.socket.destroy();
    else done();
  }

  type Act = { request: IncomingMessage; response: ServerResponse; key: string; body: Buffer };

  function act({ request, response, key, body }: Act): () => void {
    const stored = fake.objects.get(key);
    if (request.method === 'PUT') {
      const contentType = request.headers['content-type'];
      fake.objects.set(key, { bytes: body, changedAt: fake.clock(), contentType });
      return () => response.writeHead(200, { etag: '"1"' }).end();
    }
    if (request.method === 'DELETE') {
      fake.objects.delete(key);
      return () => response.writeHead(204).end();
    }
    if (!stored) return () => refuse(response, 404, 'NoSuchKey');
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (first === undefined) return () => response.writeHead(200).end(stored.bytes);
    return () => response.writeHead(206).end(stored.bytes.subarray(Number(first), Number(last) + 1));
  }

  function list(response: ServerResponse, query: URLSearchParams): () => void {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? '';
    const keys = [...fake.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).toSorted();
    const page = keys.slice(0, fake.pageSize);
    const more = keys.length > page.length;
    const contents = page.map((key) => {
      const changedAt = fake.objects.get(key)?.changedAt.toISOString() ?? '';
      return `<Contents><Key>${key}</Key><LastModified>${changedAt}</LastModified><Size>1</Size></Contents>`;
    });
    const token = more ? `<NextContinuationToken>${page.at(-1) ?? ''}</NextContinuationToken>` : '';
    const xml = `<?xml version="1.0"?><ListBucketResult><Name>${bucket}</Name><IsTruncated>${String(more)}</IsTruncated>${token}${contents.join('')}</ListBucketResult>`;
    return () => response.writeHead(200, { 'content-type': 'application/xml' }).end(xml);
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  const xml = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml' }).end(xml);
}
