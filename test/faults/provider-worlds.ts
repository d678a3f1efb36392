import type { ErrorCode } from '../../src/core/errors.ts';
import type { ProviderName } from '../../src/providers/index.ts';
import { answerText, createFakeAi, unreachableUrl } from '../support/fake-ai/fake-ai.mjs';
import { createFakeGrpcAi, unreachablePort } from '../support/fake-grpc-ai/fake-grpc-ai.ts';
import { grpcAnswer } from '../support/fake-grpc-ai/script.ts';

/** A way to fail, as the fake is told it, and what the server makes of it. */
export type Fault = { script: string; code: ErrorCode; status: 502 | 503 | 504; tokens?: number };

/** A provider, and the vendor that is played for it. */
export type World = {
  /** As `AI_MODELS` names it. */
  model: string;
  /** The settings that lead to its vendor, and those that lead to nobody. */
  environment: Record<string, string>;
  nowhere: Record<string, string>;
  faults: readonly Fault[];
  /** A question whose answer is complete and hard to carry, and its text. */
  whole: { script: string; text: string };
  /** Questions whose answer never ends, and how many tokens come before the silence. */
  hangs: readonly { script: string; tokens: number }[];
  /** What so many tokens say. */
  textOf(tokens: number): string;
  /** Whether a fault cuts only the connection of its own question. */
  isApart: boolean;
  nextRequest(): Promise<{ ended: Promise<'answered' | 'left'> }>;
};

const httpFaults: readonly Fault[] = [
  { script: 'status=401', code: 'ai-refused', status: 503 },
  { script: 'status=429', code: 'ai-rate-limited', status: 503 },
  { script: 'status=500', code: 'ai-unreachable', status: 503 },
  { script: 'fault=close-before-headers', code: 'ai-unreachable', status: 503 },
  { script: 'fault=hang-before-headers', code: 'ai-timed-out', status: 504 },
  { script: 'fault=hang-before-token', code: 'ai-timed-out', status: 504 },
  { script: 'fault=hang-between-tokens', code: 'ai-timed-out', status: 504, tokens: 3 },
  { script: 'fault=cut', code: 'ai-broke-off', status: 502, tokens: 3 },
  { script: 'fault=cut,at=0', code: 'ai-broke-off', status: 502 },
  { script: 'fault=end', code: 'ai-broke-off', status: 502, tokens: 3 },
  { script: 'fault=end,at=0', code: 'ai-broke-off', status: 502 },
  { script: 'fault=garbage-bytes', code: 'ai-answer-unreadable', status: 502, tokens: 3 },
  { script: 'fault=garbage-json', code: 'ai-answer-unreadable', status: 502, tokens: 3 },
  { script: 'fault=not-http', code: 'ai-answer-unreadable', status: 502 },
  { script: 'fault=error-event', code: 'ai-broke-off', status: 502, tokens: 3 },
  { script: 'fault=error-event,at=0', code: 'ai-refused', status: 503 },
  { script: 'count=0', code: 'ai-answer-empty', status: 502 },
];

const grpcFaults: readonly Fault[] = [
  { script: 'status=14,at=0', code: 'ai-unreachable', status: 503 },
  { script: 'status=8,at=0', code: 'ai-rate-limited', status: 503 },
  { script: 'status=7,at=0', code: 'ai-refused', status: 503 },
  { script: 'status=2', code: 'ai-broke-off', status: 502, tokens: 3 },
  { script: 'fault=close-before-headers', code: 'ai-unreachable', status: 503 },
  { script: 'fault=reset', code: 'ai-broke-off', status: 502, tokens: 3 },
  { script: 'fault=end-without-status', code: 'ai-broke-off', status: 502, tokens: 3 },
  { script: 'fault=hang-before-headers', code: 'ai-timed-out', status: 504 },
  { script: 'fault=hang', code: 'ai-timed-out', status: 504, tokens: 3 },
  { script: 'fault=no-protobuf,at=0', code: 'ai-answer-unreadable', status: 502 },
  { script: 'fault=large-chunk,at=0', code: 'ai-answer-unreadable', status: 502 },
  { script: 'count=0', code: 'ai-answer-empty', status: 502 },
];

/** Providers that ask over a network. The others stand in local-providers.test.ts; one that is in neither list does not compile. */
export type NetworkProvider = Exclude<ProviderName, 'basic' | 'nlp' | 'transformers'>;

/** The setting that says where a provider's vendor is. */
const urlSettings = {
  openai: 'OPENAI_BASE_URL',
  ollama: 'OLLAMA_URL',
  anthropic: 'ANTHROPIC_BASE_URL',
  google: 'GOOGLE_GENERATIVE_AI_BASE_URL',
  mistral: 'MISTRAL_BASE_URL',
} as const;

/** Every provider with its vendor, and the end of all of them. */
export async function openWorlds(): Promise<{
  worlds: Record<NetworkProvider, World>;
  close(): Promise<void>;
}> {
  const ai = await createFakeAi();
  const backend = await createFakeGrpcAi();
  const nobody = await unreachableUrl();
  const overHttp = (name: keyof typeof urlSettings): World => ({
    model: `${name}:fake`,
    environment: { [urlSettings[name]]: ai.urls[name] },
    nowhere: { [urlSettings[name]]: nobody },
    faults: httpFaults,
    whole: { script: 'split=on,count=40', text: answerText(40) },
    hangs: [
      { script: 'fault=hang-before-headers', tokens: 0 },
      { script: 'fault=hang-before-token', tokens: 0 },
      { script: 'fault=hang-between-tokens', tokens: 3 },
    ],
    textOf: answerText,
    isApart: true,
    nextRequest: () => ai.nextRequest(),
  });
  const grpc: World = {
    model: 'grpc',
    environment: { GRPC_AI_BACKEND_HOST: backend.host, GRPC_AI_BACKEND_PORT: String(backend.port) },
    nowhere: { GRPC_AI_BACKEND_HOST: backend.host, GRPC_AI_BACKEND_PORT: String(await unreachablePort()) },
    faults: grpcFaults,
    // No done, but a status that says that all is well.
    whole: { script: 'done=off', text: grpcAnswer(20) },
    hangs: [
      { script: 'fault=hang-before-headers', tokens: 0 },
      { script: 'fault=hang,at=0', tokens: 0 },
      { script: 'fault=hang', tokens: 3 },
    ],
    textOf: grpcAnswer,
    // All questions share one connection, which some of the faults cut.
    isApart: false,
    nextRequest: () => backend.nextRequest(),
  };
  return {
    worlds: {
      openai: overHttp('openai'),
      ollama: overHttp('ollama'),
      anthropic: overHttp('anthropic'),
      google: overHttp('google'),
      mistral: overHttp('mistral'),
      grpc,
    },
    close: async () => {
      await ai.close();
      await backend.close();
    },
  };
}

/** Their names, for tables that are made before anything is opened. */
export const networkProviders = [
  ...(Object.keys(urlSettings) as (keyof typeof urlSettings)[]),
  'grpc',
] as const;
export const faultsOf = (name: NetworkProvider): readonly Fault[] =>
  name === 'grpc' ? grpcFaults : httpFaults;
