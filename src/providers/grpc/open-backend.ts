import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { credentials, makeClientConstructor, type ChannelOptions } from '@grpc/grpc-js';
import type { Prompt, ProviderEvent } from '../../core/provider.ts';
import type { ProviderSettings, ProviderSurroundings } from '../define-provider.ts';
import type { AIServiceClient } from './ai-backend-proto.ts';
import { aiService } from './contract.ts';
import type { Authority } from './authority.ts';
import { Call } from './call.ts';
import { requireReachable } from './require-reachable.ts';
import { streamAnswer } from './stream-answer.ts';

export type BackendOptions = {
  settings: ProviderSettings;
  surroundings: ProviderSurroundings;
  authority: Authority;
};

/** One AI backend, and the connection to it. */
export type Backend = {
  /** @throws DomainError `ai-unreachable` */
  requireReachable(signal: AbortSignal): Promise<void>;
  /** @throws DomainError `ai-*` */
  stream(prompt: Prompt, signal: AbortSignal): AsyncGenerator<ProviderEvent>;
  close(): void;
};

const minuteMs = 60_000;

/** Nothing is read from the environment or from DNS records: the settings say where to connect, and how. */
const channelOptions: ChannelOptions = {
  'grpc.primary_user_agent': 'parlance',
  'grpc.enable_http_proxy': 0,
  'grpc.service_config_disable_resolution': 1,
  // What may be tried again is decided in `stream-answer.ts`.
  'grpc.enable_retries': 0,
  'grpc.max_receive_message_length': 1_048_576,
  // A backend that comes back is found again within two seconds.
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 1_500,
  'grpc.use_local_subchannel_pool': 1,
  // Servers in C++ and Python cut off who asks more often than every five minutes whether they are there.
  'grpc.keepalive_time_ms': 5 * minuteMs + 10_000,
  'grpc.keepalive_timeout_ms': 20_000,
  // Sooner than routers forget a connection on which nothing is said.
  'grpc.client_idle_timeout_ms': 4 * minuteMs,
};

const Client = makeClientConstructor(aiService, 'AIService');

/** Connects with the first question, and again whenever the connection was lost. */
export const openBackend = ({ settings, surroundings, authority }: BackendOptions): Backend => {
  const { host, port } = settings.grpc;
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const trust = authority.tls ? trusting(authority.certificates, host) : credentials.createInsecure();
  // `makeClientConstructor` forgets the types of the contract.
  const client = new Client(`dns:${address}`, trust, optionsFor(host)) as unknown as AIServiceClient;
  const calls = new Set<Call>();
  const ask = (prompt: Prompt): Call => {
    const question = {
      user_id: prompt.userId,
      chat_id: prompt.chatId,
      message: prompt.turns.findLast(({ role }) => role === 'user')?.text ?? '',
      first_name: prompt.firstName ?? '',
    };
    const call = new Call(client.streamChat(question));
    calls.add(call);
    call.onceOver(() => calls.delete(call));
    return call;
  };

  return {
    requireReachable: (signal) =>
      requireReachable(client.getChannel(), { address, timeoutMs: settings.firstTokenTimeoutMs, signal }),
    stream: (prompt, signal) => streamAnswer({ ask, settings, surroundings }, prompt, signal),
    close: () => {
      for (const call of calls) call.cancel();
      client.close();
    },
  };
};

/** Whatever name the connection was opened with, the certificate must be for the host. */
const trusting = (certificates: Buffer | null, host: string) =>
  credentials.createSsl(certificates, null, null, {
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
  });

/** TLS has no place for an address where the name of the server goes (RFC 6066, section 3), and from Node 26 on neither has Node. */
const optionsFor = (host: string): ChannelOptions =>
  isIP(host) === 0
    ? channelOptions
    : { ...channelOptions, 'grpc.ssl_target_name_override': 'address.invalid' };
