import { HttpConnection } from './http-connection.mjs';
import { runLoad } from './run-load.mjs';

/** How fast the framework answers where nothing is behind it. @param {import('../processes/context.mjs').Context} context @param {number} connections */
export async function measureRoute(context, connections) {
  const bare = await context.start('bench/bare-fastify/main.mjs', [], /(http:\/\/\S+)/);
  const [, url = ''] = bare.match;
  const sockets = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(url)));
  const load = await runLoad({
    workers: sockets.map((socket) => () => socket.request('GET', '/')),
    forMs: 3_000,
  });
  for (const socket of sockets) socket.close();
  await bare.stop();
  return load;
}
