import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Core } from '../core/core.ts';
import type { Provider } from '../core/provider.ts';
import type { SseStreams } from '../realtime/sse.ts';

/** What the native API works with. */
export type ApiOptions = {
  core: Core;
  provider: Pick<Provider, 'name' | 'model' | 'models'>;
  streams: SseStreams;
};

/** The routes of one resource. */
export type ApiRoutes = FastifyPluginAsyncTypebox<ApiOptions>;
