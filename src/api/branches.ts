import Type from 'typebox';
import { readIdempotencyKey } from '../http/idempotency-key.ts';
import { answerSend } from './answer-send.ts';
import type { ApiRoutes } from './api-options.ts';
import { versionedMessage as example } from './examples.ts';
import { etagOf } from './if-match.ts';
import { messageKey, MessageParams } from './parameters.ts';
import { problems } from './problem.ts';
import { ContentBody, sendCodes, SendHeaders, toContent } from './send.ts';
import { eventStream } from './stream-events.ts';
import { ChatWire, presentChat, presentVersioned, refTo, SentWire, VersionedMessageWire } from './wire.ts';

const Versions = Type.Object(
  { items: Type.Array(refTo(VersionedMessageWire)) },
  { description: 'What was said in one place, oldest first.', examples: [{ items: [example] }] },
);

/** Other versions of what was said, and the branches of a chat that begin with them. */
export const branchRoutes: ApiRoutes = async (app, { core, streams }) => {
  const tags = ['messages'];
  const config = { access: 'user' } as const;
  const asking = { access: 'user', limit: 'send' } as const;

  app.post(
    '/messages/:id/branches',
    {
      config: asking,
      schema: {
        tags,
        operationId: 'branchMessage',
        summary: 'Say it otherwise, or have it answered anew',
        description:
          "A user's message: another version of it is said in its place, with what the body leaves out as it was. An assistant's: it is written anew, without a body. The former version stays, with all that followed it, and is listed no longer. Answers as a send does.",
        params: MessageParams,
        headers: SendHeaders,
        body: ContentBody,
        response: {
          202: refTo(SentWire),
          200: eventStream('First `message` with what 202 carries, then the events of the reply.'),
          ...problems({
            body: true,
            codes: ['message-not-found', 'reply-not-found', 'reply-running', ...sendCodes],
          }),
        },
      },
    },
    async (request, reply) => {
      const { actor, body, params } = request;
      const input = toContent(body, readIdempotencyKey(request, body.client_message_id));
      return answerSend({ request, reply, streams, core }, () =>
        core.messages.branch(actor, messageKey(params), input),
      );
    },
  );

  app.get(
    '/messages/:id/branches',
    {
      config,
      schema: {
        tags,
        operationId: 'listBranches',
        summary: 'The versions of a message',
        description: 'All that was said in its place by the same side; the newest hundred.',
        params: MessageParams,
        response: { 200: Versions, ...problems({ codes: ['message-not-found'] }) },
      },
    },
    async ({ actor, params }) => ({
      items: (await core.messages.versions(actor, messageKey(params))).map(presentVersioned),
    }),
  );

  app.post(
    '/messages/:id/activate',
    {
      config,
      schema: {
        tags,
        operationId: 'activateBranch',
        summary: 'Show the branch through a message',
        description:
          'What is before it, itself, and what followed it last. Where it is shown already nothing changes.',
        params: MessageParams,
        response: {
          200: refTo(ChatWire),
          ...problems({ codes: ['message-not-found', 'reply-running', 'origin-refused'] }),
        },
      },
    },
    async ({ actor, params }, reply) => {
      const chat = await core.messages.activate(actor, messageKey(params));
      reply.header('etag', etagOf(chat));
      return presentChat(chat);
    },
  );
};
