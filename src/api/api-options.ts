import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Core } from '../core/core.ts';
import type { Models } from '../core/models.ts';
import type { SseStreams } from '../realtime/sse.ts';

/** What the native API works with. */
export type ApiOptions = {
  core: Core;
  models: Models;
  streams: SseStreams;
};

/** The routes of one resource. */
export type ApiRoutes = FastifyPluginAsyncTypebox<ApiOptions>;
