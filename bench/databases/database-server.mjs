import { mysqlServer } from './mysql-server.mjs';
import { postgresServer } from './postgres-server.mjs';

/**
 * A server on which the bench makes databases of its own, with fresh names.
 * @typedef {{ kind: string, variable: string, shown: string, name(): Promise<string>, create(): Promise<Database>, sweep(): Promise<void> }} DatabaseServer
 *
 * `cpuMicros` is the CPU time of what works for its connections, as far as that runs here; undefined where it cannot be seen.
 * @typedef {{ url: string, cpuMicros(): Promise<number | undefined>, drop(): Promise<void> }} Database
 */

/** @type {readonly DatabaseServer[]} */
const servers = [postgresServer, mysqlServer];

/**
 * The database servers that answer, each with the name of the product that it is. The others are left out with a sentence.
 * @param {import('../processes/context.mjs').Context} context
 * @returns {Promise<(DatabaseServer & { product: string })[]>}
 */
export async function findServers(context) {
  const found = [];
  for (const server of servers)
    try {
      found.push({ ...server, product: await server.name() });
      await server.sweep();
    } catch (error) {
      context.remark(
        `${server.kind} is left out: at ${server.shown} (${server.variable}), ${error.message}.`,
      );
    }
  return found;
}
