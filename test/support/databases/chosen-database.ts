import { databaseServers } from './database-server.ts';

/** Where the servers under test keep their data: a file of their own, or `TEST_DATABASE=postgres` or `mysql`. */
const name = process.env['TEST_DATABASE'] ?? 'sqlite';
const server = databaseServers.find((one) => one.name === name);
if (!server && name !== 'sqlite')
  throw new Error(`TEST_DATABASE is ${name}; it may be sqlite, postgres or mysql`);

const databases = new Map<string, Promise<string>>();

/** What has a server with this data folder keep its data in the chosen database: always the same one for the same folder. */
export async function chosenDatabase(dataFolder: string | undefined): Promise<{ DATABASE_URL?: string }> {
  if (!server || dataFolder === undefined) return {};
  const made = databases.get(dataFolder) ?? server.create().then(({ url }) => url);
  databases.set(dataFolder, made);
  return { DATABASE_URL: await made };
}
