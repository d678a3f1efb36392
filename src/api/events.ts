import Type from 'typebox';
import { DomainError } from '../core/errors.ts';
import { endId, parseLastEventId } from '../realtime/sse-frame.ts';
import type { ApiRoutes } from './api-options.ts';
import { encodeFeedEvents } from './feed-events.ts';
import { LastEventIdHeader } from './parameters.ts';
import { problems } from './problem.ts';
import { eventStream, streamEvents } from './stream-events.ts';

const EventsQuery = Type.Object({
  after: Type.Optional(
    Type.String({
      description:
        'The position to begin after; `Last-Event-ID` goes before it. Without either: from now on.',
    }),
  ),
});

/** Everything that happens to a user's data, on one connection. */
export const eventRoutes: ApiRoutes = async (app, { core, streams }) => {
  app.get(
    '/events',
    {
      config: { access: 'user' },
      // A HEAD of a stream would hold it open for nobody.
      exposeHeadRoute: false,
      schema: {
        tags: ['events'],
        operationId: 'followEverything',
        summary: 'Follow everything',
        description:
          'Every change of the user’s data, in order, and the text of running replies beside it. A device that was away comes back with its `Last-Event-ID` and misses nothing; after `reset` it has to read afresh.',
        querystring: EventsQuery,
        headers: LastEventIdHeader,
        response: {
          200: eventStream(
            'The name of each event is the change: `chat-created`, `chat-updated` {chat}; `chat-deleted`, `chat-cleared` {chat_id}; `branch-switched` {chat, after_id}; `message-created`, `message-updated`, `message-delivered` {message}; `message-deleted` {message_id, chat_id}; `reply-start`, `reply-end` {reply, message}. Beside them `text-delta` {reply_id, chat_id, start, text}, and `typing` {chat_id, is_typing}, without an id, and `reset` {position}.',
          ),
          ...problems({ codes: ['position-invalid', 'too-many-readers'] }),
        },
      },
    },
    async (request, reply) => {
      const { actor, headers, query } = request;
      const place = parseLastEventId(headers['last-event-id'] ?? query.after);
      // Read before the head is sent: whoever sees it misses nothing that comes after.
      const newest = await core.feed.position(actor);
      if (place === endId || (place !== null && place > newest)) throw new DomainError('position-invalid');
      const after = place ?? newest;
      return streamEvents(
        { request, reply, streams },
        {
          openingId: `${after}`,
          events: (signal) => encodeFeedEvents(core.feed.follow(actor, after, signal)),
        },
      );
    },
  );
};
