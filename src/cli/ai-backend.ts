import { type Command, InvalidArgumentError } from 'commander';
import { ConfigError } from '../config/config-error.ts';
import { defaultLimits } from '../core/limits.ts';
import { createLogger } from '../http/logger.ts';
import { stopOnSignals } from '../http/shutdown.ts';
import { createProvider } from '../providers/index.ts';
import { version } from '../version.ts';
import { loadConfig } from './with-config.ts';

type Options = { port?: number; host: string; provider?: string };

const dayMs = 24 * 60 * 60 * 1000;
const charactersPerToken = 4;

/** `parlance ai-backend` */
export function addAiBackend(program: Command): void {
  program
    .command('ai-backend')
    .description('answer over gRPC until stopped, for servers with AI_PROVIDER=grpc')
    .option('--port <number>', 'instead of GRPC_AI_BACKEND_PORT; 0 takes any free one', readPort)
    .option(
      '--host <address>',
      'where to listen; there is no login, so whoever reaches it may ask',
      '127.0.0.1',
    )
    .option('--provider <name>', 'who answers, instead of AI_PROVIDER')
    .action(serveAiBackend);
}

async function serveAiBackend({ port, host, provider: chosen }: Options): Promise<void> {
  const config = loadConfig(chosen === undefined ? {} : { AI_PROVIDER: chosen });
  if (config.models.standard.provider === 'grpc')
    throw new ConfigError(
      'AI_PROVIDER is grpc, which asks an AI backend: say with --provider who answers here.',
    );
  // gRPC takes a while to load: no other command waits for it.
  const { startAiBackend } = await import('../ai-backend/start-ai-backend.ts');
  const { ChatMemory } = await import('../ai-backend/chat-memory.ts');
  const log = createLogger({ level: config.logLevel, format: config.logFormat });
  const { prompt } = config;
  const memory = new ChatMemory(
    {
      chats: 10_000,
      characters: 32 * 1024 * 1024,
      turnsPerChat: prompt.historyTurns,
      charactersPerChat: prompt.historyTokens * charactersPerToken,
      quietMs: dayMs,
    },
    () => new Date(),
  );
  const provider = createProvider(config.models.standard);
  const backend = await startAiBackend({
    provider,
    memory,
    log,
    system: prompt.system,
    answerLength: defaultLimits.replyLength,
    host,
    port: port ?? config.models.standard.grpc.port,
    graceMs: config.shutdownGraceMs,
  });
  stopOnSignals(backend.stop, log);
  console.log(`Parlance ${version} answers over gRPC on ${backend.address}, by ${provider.name}`);
}

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
}
