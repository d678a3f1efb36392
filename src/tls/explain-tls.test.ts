import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { connect, createServer as createTlsServer } from 'node:tls';
import { expect, it } from 'vitest';
import { localhostCertificate } from '../../test/support/localhost-certificate.ts';
import { explainTls } from './explain-tls.ts';

/** What a client is told of a server: its error, and what is made of that. */
async function told(server: Server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  const [error] = await once(client, 'error').catch((thrown: unknown) => [thrown]);
  server.close();
  return (explainTls(error) as Error).message;
}

it('tells a port that speaks no TLS', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end('-ERR what?\r\n');
  });
  expect(await told(server)).toMatch(/^what answers there speaks no TLS on this port; /);
});

it('tells a server whose TLS is too old', async () => {
  const server = createTlsServer({
    ...localhostCertificate,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  expect(await told(server)).toMatch(/^the server has no version of TLS that is safe; /);
});

it('leaves other errors as they are', () => {
  const refused = new Error('connect ECONNREFUSED 127.0.0.1:5432');
  expect(explainTls(refused)).toBe(refused);
  expect(explainTls('odd')).toBe('odd');
});

it('keeps nothing of the driver but its words', () => {
  const error = Object.assign(new Error('self-signed certificate'), { cert: { raw: Buffer.alloc(9) } });
  const explained = explainTls(error) as Error;
  expect(explained.message).toMatch(/by nobody who is trusted; .* \(self-signed certificate\)$/);
  expect(explained.cause).toBeUndefined();
  expect(explained).not.toHaveProperty('cert');
});
