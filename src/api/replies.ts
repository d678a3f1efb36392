import Type, { type Static } from 'typebox';
import type { Core } from '../core/core.ts';
import { DomainError } from '../core/errors.ts';
import type { Message } from '../core/messages/message.ts';
import type { Actor } from '../core/ports.ts';
import { isOpen, type Reply } from '../core/replies/reply.ts';
import { endId, parseLastEventId } from '../realtime/sse-frame.ts';
import type { ApiRoutes } from './api-options.ts';
import { LastEventIdHeader, messageKey, MessageParams, replyKey, ReplyParams } from './parameters.ts';
import { problems } from './problem.ts';
import { encodeReplyEvents } from './reply-events.ts';
import { eventStream, streamEvents } from './stream-events.ts';
import { presentMessage, presentReply, refTo, ReplyDetailWire } from './wire.ts';

const EventsQuery = Type.Object({
  after: Type.Optional(
    Type.String({
      description: 'Where to begin, as UTF-16 code units of the text; `Last-Event-ID` goes before it.',
    }),
  ),
});

/** What the AI answers. */
export const replyRoutes: ApiRoutes = async (app, { core, streams }) => {
  const tags = ['replies'];
  const config = { access: 'user' } as const;
  const asking = { access: 'user', limit: 'send' } as const;

  app.get(
    '/messages/:id/reply',
    {
      config,
      schema: {
        tags,
        operationId: 'getReplyOfMessage',
        summary: "The newest reply that writes an assistant's message, or answers a user's",
        params: MessageParams,
        response: {
          200: refTo(ReplyDetailWire),
          ...problems({ codes: ['message-not-found', 'reply-not-found'] }),
        },
      },
    },
    async ({ actor, params }) =>
      withMessage(core, actor, await core.replies.findByMessage(actor, messageKey(params))),
  );

  app.get(
    '/replies/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'getReply',
        summary: 'One reply, and the message that it writes',
        params: ReplyParams,
        response: { 200: refTo(ReplyDetailWire), ...problems({ codes: ['reply-not-found'] }) },
      },
    },
    async ({ actor, params }) => withMessage(core, actor, await core.replies.find(actor, replyKey(params))),
  );

  app.get(
    '/replies/:id/events',
    {
      config,
      // A HEAD of a stream would hold it open for nobody.
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'followReply',
        summary: 'Follow a reply',
        description:
          'The text from a position on, then live, then the end. The id of `text-delta` is the position after it; the id of the end is `end`. Whoever comes back with a `Last-Event-ID` gets the rest, without gap or duplicate.',
        params: ReplyParams,
        querystring: EventsQuery,
        headers: LastEventIdHeader,
        response: {
          200: eventStream(
            '`reply-waiting` {position} while others are before it; `text-delta` {start, text}; then one of `reply-end` {reply, message}, `reply-error` {code, detail, reply, message}.',
          ),
          204: Type.Null({ description: 'The reader has seen the end already (`Last-Event-ID: end`).' }),
          ...problems({ codes: ['reply-not-found', 'position-invalid', 'too-many-readers'] }),
        },
      },
    },
    async (request, reply) => {
      const { actor, headers, params, query } = request;
      const place = parseLastEventId(headers['last-event-id'] ?? query.after) ?? 0;
      const followed = await core.replies.find(actor, replyKey(params));
      if (place === endId) {
        if (isOpen(followed)) throw new DomainError('position-invalid');
        return reply.code(204).send(null);
      }
      await requirePosition(core, actor, { reply: followed, position: place });
      return streamEvents(
        { request, reply, streams },
        {
          events: (signal) =>
            encodeReplyEvents(core.replies.follow(actor, followed.uuid, { after: place, signal })),
        },
      );
    },
  );

  app.post(
    '/replies/:id/stop',
    {
      config,
      schema: {
        tags,
        operationId: 'stopReply',
        summary: 'Stop a reply where it is',
        description: 'What was written stays. A reply that has ended stays as it is.',
        params: ReplyParams,
        response: {
          200: refTo(ReplyDetailWire),
          ...problems({ codes: ['reply-not-found', 'reply-running', 'origin-refused'] }),
        },
      },
    },
    async ({ actor, params }) => withMessage(core, actor, await core.replies.stop(actor, replyKey(params))),
  );

  app.post(
    '/replies/:id/continue',
    {
      config: asking,
      schema: {
        tags,
        operationId: 'continueReply',
        summary: 'Write on where a reply broke off',
        description:
          'Opens a new reply that goes on with the same message; its text begins with what is there.',
        params: ReplyParams,
        response: {
          202: refTo(ReplyDetailWire),
          ...problems({
            codes: [
              'reply-not-found',
              'reply-not-continuable',
              'reply-not-latest',
              'reply-running',
              'too-many-waiting',
              'daily-limit-reached',
              'origin-refused',
            ],
          }),
        },
      },
    },
    async ({ actor, params }, reply) => {
      const next = await core.replies.continue(actor, replyKey(params));
      reply.code(202).header('location', `/api/v1/replies/${next.uuid}`);
      return withMessage(core, actor, next);
    },
  );

  app.post(
    '/replies/:id/regenerate',
    {
      config: asking,
      schema: {
        tags,
        operationId: 'regenerateReply',
        summary: 'Answer once more',
        description: 'Opens a new reply to the same message; the former answer is no longer listed.',
        params: ReplyParams,
        response: {
          202: refTo(ReplyDetailWire),
          ...problems({
            codes: [
              'reply-not-found',
              'message-not-found',
              'reply-not-latest',
              'reply-running',
              'too-many-waiting',
              'daily-limit-reached',
              'origin-refused',
            ],
          }),
        },
      },
    },
    async ({ actor, params }, reply) => {
      const next = await core.replies.regenerate(actor, replyKey(params));
      reply.code(202).header('location', `/api/v1/replies/${next.uuid}`);
      return withMessage(core, actor, next);
    },
  );
};

async function withMessage(core: Core, actor: Actor, reply: Reply): Promise<Static<typeof ReplyDetailWire>> {
  const message = await messageOf(core, actor, reply);
  return { ...presentReply(reply), message: message ? presentMessage(message) : null };
}

/** Checked before the stream begins, where it can still be answered. @throws DomainError `position-invalid` */
async function requirePosition(
  core: Core,
  actor: Actor,
  { reply, position }: { reply: Reply; position: number },
): Promise<void> {
  if (position === 0) return;
  const message = await messageOf(core, actor, reply);
  // Without a message there is no text yet, or none any more: then the end alone is told.
  const refused = message ? position > message.text.length : isOpen(reply);
  if (refused) throw new DomainError('position-invalid');
}

/** The message that a reply writes; undefined where it has none, or none any more. */
async function messageOf(core: Core, actor: Actor, { messageId }: Reply): Promise<Message | undefined> {
  if (messageId === null) return undefined;
  try {
    return await core.messages.find(actor, messageId);
  } catch (thrown) {
    if (thrown instanceof DomainError && thrown.code === 'message-not-found') return undefined;
    throw thrown;
  }
}
