import { Agent, type Dispatcher } from 'undici';
import { DomainError } from '../core/errors.ts';
import type { RemoteImages } from '../core/ports.ts';
import { guardedConnector, type Resolve } from './guarded-connector.ts';
import { isPublicAddress } from './public-address.ts';
import { checkUrl } from './check-url.ts';

export type RemoteImagesSettings = {
  limitBytes: number;
  timeoutMs?: number;
  /** The ports of web servers; tests have others. */
  ports?: readonly number[];
  isAllowed?: (address: string) => boolean;
  resolve?: Resolve;
};

const mostRedirects = 3;
const images = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * The one way to fetch what a user names: from public addresses only, which are looked at when a connection is made; each redirect anew.
 * Without credentials, from the ports of web servers, so many bytes, in a bounded time, and only what is an image by its content.
 */
export function createRemoteImages(settings: RemoteImagesSettings): RemoteImages {
  const {
    limitBytes,
    timeoutMs = 10_000,
    ports = [80, 443],
    isAllowed = isPublicAddress,
    resolve,
  } = settings;
  const guard = { isAllowed, timeoutMs, ...(resolve ? { resolve } : {}) };
  const agent = new Agent({
    connect: guardedConnector(guard),
    // A connection serves one request, so that each is looked at.
    pipelining: 0,
    // One clock for all of a fetch: the signal of `fetch`.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  async function open(first: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    let url = checkUrl(first, ports);
    for (let followed = 0; ; followed += 1) {
      const answer = await agent.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: 'GET',
        signal,
        headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'Parlance' },
      });
      const { location } = answer.headers;
      if (!redirects.has(answer.statusCode) || typeof location !== 'string') return answer;
      leave(answer);
      if (followed === mostRedirects) throw new Error('It leads on too often');
      url = checkUrl(new URL(location, url).href, ports);
    }
  }

  return {
    async fetch(url, signal) {
      const limit = limitedBy(signal, timeoutMs);
      try {
        const answer = await open(url, limit.signal);
        if (answer.statusCode !== 200) {
          leave(answer);
          throw new Error(`It answered ${answer.statusCode}`);
        }
        const bytes = await readUpTo(answer.body, limitBytes);
        return { mediaType: await imageTypeOf(bytes), bytes };
      } catch (cause) {
        signal.throwIfAborted();
        throw new DomainError('image-not-fetched', { cause });
      } finally {
        limit.release();
      }
    },
    close: () => agent.destroy(),
  };
}

/**
 * Aborts with a signal, or when the time is over. A timeout of the platform that is joined with another signal does not do: Node forgets
 * it when it collects memory (nodejs/node#57736), and the fetch would never end.
 */
function limitedBy(signal: AbortSignal, timeoutMs: number): { signal: AbortSignal; release(): void } {
  const limit = new AbortController();
  const abort = () => limit.abort(signal.reason);
  const timer = setTimeout(() => limit.abort(new Error('It ran into the timeout')), timeoutMs);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return {
    signal: limit.signal,
    release() {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    },
  };
}

/** Nobody hears of a body that is left that it was not read. */
function leave({ body }: Dispatcher.ResponseData): void {
  body.on('error', () => undefined).destroy();
}

async function readUpTo(body: AsyncIterable<Uint8Array>, limitBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > limitBytes) throw new Error('It is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

async function imageTypeOf(bytes: Buffer): Promise<string> {
  const { fileTypeFromBuffer } = await import('file-type');
  const mediaType = (await fileTypeFromBuffer(bytes))?.mime;
  if (mediaType === undefined || !images.has(mediaType)) throw new Error('It is no image');
  return mediaType;
}
