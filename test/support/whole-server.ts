import { readConfig } from '../../src/config.ts';
import { dialects } from '../../src/dialects/index.ts';
import { startServer } from '../../src/main.ts';
import { providerNames } from '../../src/providers/index.ts';
import { cheapPasswords } from './cheap-passwords.ts';
import { chosenDatabase } from './databases/chosen-database.ts';
import { temporaryFolder } from './server-process.ts';

export type WholeServer = { url: string; stop(): Promise<void> };

/** The server as `parlance serve` starts it, in this process, with data of its own and any free port. */
export async function startWholeServer(env: Record<string, string> = {}): Promise<WholeServer> {
  const data = temporaryFolder();
  const database = await chosenDatabase(data.folder);
  const settings = { PORT: '0', DATA_DIR: data.folder, LOG_LEVEL: 'silent', ...database, ...env };
  const choices = { dialects: dialects.map(({ name }) => name), providers: providerNames };
  const server = await startServer(readConfig([settings], choices), { passwords: cheapPasswords() });
  const [first] = server.ports;
  if (!first) throw new Error('The server has no port');
  return {
    url: first.url,
    async stop() {
      await server.stop();
      data.remove();
    },
  };
}
