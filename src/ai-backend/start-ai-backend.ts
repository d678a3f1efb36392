import { Server, ServerCredentials, status as codes } from '@grpc/grpc-js';
import type { AIServiceHandlers } from '../providers/grpc/ai-backend-proto.ts';
import { aiService } from '../providers/grpc/contract.ts';
import { answerCall, type Answering } from './answer-call.ts';

export type AiBackendOptions = Answering & {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** How long running answers may take once it stops. */
  graceMs: number;
};

export type RunningAiBackend = {
  /** Where it listens, as `host:port`. */
  address: string;
  /** Takes no more questions, lets running answers finish, stops the rest. Never rejects; a second call gives the same promise. */
  stop(): Promise<void>;
};

/** One line for the operator. */
class ListenError extends Error {
  override readonly name = 'ListenError';
}

const mostCalls = 2_000;
const serverOptions = {
  'grpc.max_receive_message_length': 1_048_576,
  'grpc.max_concurrent_streams': mostCalls,
  // Callers that vanish without a word are found out.
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 20_000,
};
/** How long answers that are stopped may take to say so. */
const lastWordsMs = 500;

/** Serves a provider as `amanda.ai.AIService`, and closes it at the end. @throws ListenError when the address cannot be had */
export async function startAiBackend(options: AiBackendOptions): Promise<RunningAiBackend> {
  const { host, port, graceMs, provider, log } = options;
  const stopped = new AbortController();
  const server = new Server(serverOptions);
  let running = 0;
  const handlers: AIServiceHandlers = {
    StreamChat: (call) => {
      if (running >= mostCalls) {
        call.emit('error', { code: codes.RESOURCE_EXHAUSTED, details: 'Too many answers are being given' });
        return;
      }
      running += 1;
      void answerCall(options, call, stopped.signal).finally(() => (running -= 1));
    },
  };
  server.addService(aiService, handlers);
  const shownHost = host.includes(':') ? `[${host}]` : host;
  const bound = await listen(server, { host: shownHost, port }).catch(async (thrown: unknown) => {
    await provider.close();
    throw thrown;
  });

  let stopping: Promise<void> | undefined;
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
    const grace = setTimeout(() => stopped.abort('the server stops'), graceMs);
    const cut = setTimeout(() => server.forceShutdown(), graceMs + lastWordsMs);
    await closed;
    clearTimeout(grace);
    clearTimeout(cut);
    await provider.close().catch((err: unknown) => log.error({ err }, 'The AI could not be closed'));
  };
  return { address: `${shownHost}:${bound}`, stop: () => (stopping ??= stop()) };
}

const listen = (server: Server, { host, port }: { host: string; port: number }): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(new ListenError(sentenceFor(error, host, port), { cause: error }));
    });
  });

const sentenceFor = ({ message }: Error, host: string, port: number): string => {
  if (message.includes('EADDRINUSE'))
    return `Port ${port} is taken. Stop the program that uses it, or choose another with --port or GRPC_AI_BACKEND_PORT.`;
  if (message.includes('EADDRNOTAVAIL'))
    return `This machine has no address ${host}. Choose another with --host.`;
  if (message.includes('EACCES'))
    return `Port ${port} may not be opened by this user. Choose one above 1023 with --port.`;
  return `${host}:${port} cannot be listened on: ${message}`;
};
