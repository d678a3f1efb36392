import type { FastifyInstance } from 'fastify';
import { authenticateRoutes } from '../http/authenticate.ts';
import { claimPrefix } from '../http/prefixes.ts';
import { renderErrors } from '../http/render-errors.ts';
import { accountRoutes } from './accounts.ts';
import type { ApiOptions } from './api-options.ts';
import { attachmentRoutes, AttachmentWire } from './attachments.ts';
import { branchRoutes } from './branches.ts';
import { chatRoutes } from './chats.ts';
import { eventRoutes } from './events.ts';
import { meRoutes } from './me.ts';
import { messageRoutes } from './messages.ts';
import { modelRoutes } from './models.ts';
import { ProblemWire, renderProblem } from './problem.ts';
import { presenceRoutes } from './presence.ts';
import { replyRoutes } from './replies.ts';
import { searchRoutes } from './search.ts';
import { sendRoutes } from './send.ts';
import { lazily } from '../http/lazy-schemas.ts';
import { usageRoutes } from './usage.ts';
import { validatorCompiler } from './validate.ts';
import { voiceRoutes } from './voice.ts';
import {
  ChatWire,
  MessageWire,
  ReplyDetailWire,
  ReplyWire,
  SentWire,
  TokensWire,
  UserWire,
  VersionedMessageWire,
} from './wire.ts';

const prefix = '/api/v1';
const schemas = [
  UserWire,
  TokensWire,
  ChatWire,
  MessageWire,
  VersionedMessageWire,
  ReplyWire,
  ReplyDetailWire,
  SentWire,
  AttachmentWire,
  ProblemWire,
];
const resources = [
  accountRoutes,
  meRoutes,
  chatRoutes,
  sendRoutes,
  messageRoutes,
  attachmentRoutes,
  branchRoutes,
  presenceRoutes,
  replyRoutes,
  eventRoutes,
  modelRoutes,
  voiceRoutes,
  usageRoutes,
  searchRoutes,
];

/** Our own API, `/api/v1`: everything that the core does, for whoever has no dialect to keep to. */
export async function api(scope: FastifyInstance, options: ApiOptions): Promise<void> {
  claimPrefix(scope, { path: prefix, render: renderProblem });
  renderErrors(scope, renderProblem);
  authenticateRoutes(scope, { core: options.core, accepts: ['bearer', 'cookie'] });
  scope.setValidatorCompiler(lazily(validatorCompiler));
  for (const schema of schemas) scope.addSchema(schema);
  for (const routes of resources) await scope.register(routes, { ...options, prefix });
}
