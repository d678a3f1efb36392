import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const root = new URL('../../', import.meta.url);
const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>A frontend</title>
<script src="/main.js"></script>
</html>`;

const files: Record<string, { type: string; content: string | Buffer }> = {
  '/': { type: 'text/html; charset=utf-8', content: html },
  '/main.js': script('test/browser/frontend/main.mjs'),
  '/socket.io-4.5.4.js': script('node_modules/socket.io-client-4.5/dist/socket.io.min.js'),
  '/socket.io-4.8.js': script('node_modules/socket.io-client/dist/socket.io.min.js'),
};

export type Frontend = {
  /** `http://localhost:<port>`: the same site as a server on another port of `localhost`. */
  origin: string;
  /** The same pages by number: another site, as browsers see it. */
  originByNumber: string;
  close(): void;
};

/** Serves the pages of a frontend, and nothing else, on a port of its own. */
export async function serveFrontend(): Promise<Frontend> {
  const server = createServer((request, response) => {
    const file = files[request.url ?? ''];
    if (file) response.setHeader('content-type', file.type).end(file.content);
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    originByNumber: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function script(path: string) {
  return { type: 'text/javascript; charset=utf-8', content: readFileSync(new URL(path, root)) };
}
