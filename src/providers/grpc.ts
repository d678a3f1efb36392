import type { Provider } from '../core/provider.ts';
import type { ProviderDefinition, ProviderSettings, ProviderSurroundings } from './define-provider.ts';
import { readAuthority } from './grpc/authority.ts';
import type { Backend } from './grpc/open-backend.ts';

/** An AI backend of its own process, asked by `amanda.ai.AIService`. It remembers what was said before, for each user and chat. */
export const grpc: ProviderDefinition = {
  name: 'grpc',
  create: (settings, surroundings) => createGrpc(settings, surroundings),
};

/** The backend does not say which model it asks. */
const unnamedModel = 'ai-backend';

const createGrpc = (settings: ProviderSettings, surroundings: ProviderSurroundings): Provider => {
  const authority = readAuthority(settings.grpc);
  const model = settings.model === '' ? unnamedModel : settings.model;
  let opening: Promise<Backend> | undefined;
  // gRPC is loaded with the first question: a server that never asks does not wait for it.
  const open = (): Promise<Backend> =>
    (opening ??= import('./grpc/open-backend.ts').then(({ openBackend }) =>
      openBackend({ settings, surroundings, authority }),
    ));

  return {
    name: 'grpc',
    model,
    seesImages: false,
    wantsFirstName: true,
    models: async (signal = new AbortController().signal) => {
      await (await open()).requireReachable(signal);
      return [{ id: model }];
    },
    async *stream(prompt, signal) {
      if (!signal.aborted) yield* (await open()).stream(prompt, signal);
    },
    close: async () => (await opening)?.close(),
  };
};
