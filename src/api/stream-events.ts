import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SseStream } from '../realtime/sse-connection.ts';
import type { SseStreams } from '../realtime/sse.ts';

type Exchange = { request: FastifyRequest; reply: FastifyReply; streams: SseStreams };

/** Answers with a stream of events, and resolves when it is over. Until the head is sent a failure is thrown, and answered as usual. */
export async function streamEvents(
  { request, reply, streams }: Exchange,
  { events, openingId, awaitsFirst }: Pick<SseStream, 'events' | 'openingId' | 'awaitsFirst'>,
): Promise<void> {
  const ending = await streams.open({
    events,
    openingId,
    awaitsFirst,
    actor: request.actor,
    response: reply.raw,
    onHead() {
      reply.hijack();
      // Not before: the first event may have set some.
      return reply.getHeaders();
    },
  });
  // Gone before the head: there is nobody to answer.
  if (!reply.sent) reply.hijack();
  if (ending.reason === 'failed')
    request.log.warn({ requestId: request.id, err: ending.error }, 'A stream of events broke off');
}

/** How a stream of events stands in the description of a route. */
export const eventStream = (description: string) => ({
  description,
  content: { 'text/event-stream': { schema: { type: 'string' } } },
});
