import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import proxyAddr from '@fastify/proxy-addr';

/** How a request reached us, as the browser has it. */
export type Handshake = { protocol: 'http' | 'https'; host: string; address: string };

declare module 'fastify' {
  interface FastifyInstance {
    /** The same that a request of the framework says of itself, for one that never becomes one: a socket's. */
    handshake(request: IncomingMessage): Handshake;
  }
}

/** Whose `X-Forwarded-*` headers are believed: nobody's (false), everybody's, or these addresses' and subnets'. */
export type TrustProxy = boolean | string[];

/** Reads handshakes as the framework reads requests, with the same trust in proxies. */
export function createHandshakeReader(trustProxy: TrustProxy): (request: IncomingMessage) => Handshake {
  const trusts = typeof trustProxy === 'boolean' ? () => trustProxy : proxyAddr.compile(trustProxy);
  return (request) => {
    const { socket, headers } = request;
    const isVouchedFor = trusts(socket.remoteAddress ?? '', 0);
    const forwarded = (name: 'proto' | 'host') =>
      isVouchedFor ? lastOf(headers[`x-forwarded-${name}`]) : undefined;
    const protocol = forwarded('proto') ?? (socket instanceof TLSSocket ? 'https' : 'http');
    return {
      protocol: protocol === 'https' ? 'https' : 'http',
      host: forwarded('host') ?? headers.host ?? '',
      address: proxyAddr(request, trusts),
    };
  };
}

/** Where several proxies wrote, the last one is ours. */
const lastOf = (header: string | string[] | undefined): string | undefined =>
  header === undefined || header === '' ? undefined : String(header).split(',').at(-1)?.trim();
