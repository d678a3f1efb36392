import type { Command } from 'commander';
import { stopOnSignals } from '../http/shutdown.ts';
import { startServer } from '../main.ts';
import type { ProviderSettings } from '../providers/define-provider.ts';
import { version } from '../version.ts';
import { withConfig } from './with-config.ts';

/** `parlance serve` */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('migrate the database and serve until stopped (the default)')
    .action(() =>
      withConfig(async (config) => {
        for (const notice of config.notices) console.warn(`parlance: ${notice}`);
        const server = await startServer(config);
        stopOnSignals(server.stop, server.log);
        for (const { url, dialects } of server.ports) {
          console.log(`Parlance ${version} is running on ${url}`);
          console.log(`  chat APIs   ${[...dialects, '/api/v1'].join(', ')}`);
        }
        console.log(`  AI          ${describeAi(server.ai, config.models.standard)}`);
        console.log(`  data        ${config.dataDir}`);
        console.log(`  try it      ${server.ports[0]?.url}/docs   (Ctrl-C stops)`);
      }),
    );
}

function describeAi(name: string, { provider, grpc, ollamaUrl }: ProviderSettings): string {
  if (name.startsWith('ollama:') && provider !== 'ollama') return `${name} (found at ${ollamaUrl})`;
  if (provider === 'basic') return 'basic (built in)';
  return provider === 'grpc' ? `grpc: the AI backend at ${grpc.host}:${grpc.port}` : name;
}
