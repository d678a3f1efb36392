import { databaseServers } from './database-server.ts';

/** Leaves no database behind: those of this run, and of earlier ones that broke off. */
export async function teardown(): Promise<void> {
  for (const server of databaseServers) if (await server.isThere()) await server.sweep();
}
