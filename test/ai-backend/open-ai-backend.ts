import { afterEach } from 'vitest';
import { ChatMemory, type MemoryLimits } from '../../src/ai-backend/chat-memory.ts';
import { startAiBackend } from '../../src/ai-backend/start-ai-backend.ts';
import type { Provider } from '../../src/core/provider.ts';
import { createProvider } from '../../src/providers/index.ts';
import { playedSurroundings, settingsFor } from '../providers/settings.ts';
import { createRecordingLog } from '../support/recording-log.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const roomy: MemoryLimits = {
  chats: 1_000,
  characters: 1_000_000,
  turnsPerChat: 40,
  charactersPerChat: 100_000,
  quietMs: 60_000,
};

type Options = { graceMs?: number; answerLength?: number; memory?: Partial<MemoryLimits> };

/** An AI backend in this process, closed after the test. */
export async function openAiBackend(provider: Provider, options: Options = {}) {
  const log = createRecordingLog();
  const memory = new ChatMemory({ ...roomy, ...options.memory }, () => new Date());
  const backend = await startAiBackend({
    provider,
    memory,
    log,
    system: 'Be brief.',
    answerLength: options.answerLength ?? 1_000_000,
    host: '127.0.0.1',
    port: 0,
    graceMs: options.graceMs ?? 0,
  });
  closers.push(backend.stop);
  return { ...backend, log, memory, port: Number(backend.address.split(':').at(-1)) };
}

/** The product's own client of an AI backend. */
export function askBackend(port: number): Provider {
  const grpc = { host: '127.0.0.1', port, tls: false, caFile: '' };
  const client = createProvider(settingsFor({ provider: 'grpc', grpc }), playedSurroundings());
  closers.push(() => client.close());
  return client;
}
