import { describe } from 'vitest';
import { databaseServers, type DatabaseServer } from './databases/database-server.ts';
import { missingRedis } from './test-redis.ts';

/** What keeps each database server, or the Redis that nodes need beside it, from being tested with; asked once a worker. */
const missing = new Map<DatabaseServer, string | undefined>();
const noRedis = await missingRedis();
for (const server of databaseServers) {
  const isThere = await server.isThere();
  if (!isThere && process.env['CI']) throw new Error(`${server.name} is not there (${server.variable})`);
  missing.set(server, isThere ? noRedis : `no ${server.name} (${server.variable})`);
}

/** The same tests on every database that several processes can share. One that is not there is left out, and says so. */
export function describeEachServerDatabase(name: string, tests: (server: DatabaseServer) => void): void {
  for (const server of databaseServers) {
    const why = missing.get(server);
    describe.skipIf(why !== undefined)(
      `${name} on ${server.name}${why === undefined ? '' : `: ${why}`}`,
      () => {
        tests(server);
      },
    );
  }
}
