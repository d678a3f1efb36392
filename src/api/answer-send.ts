import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { Core, SentMessage } from '../core/core.ts';
import type { Actor } from '../core/ports.ts';
import type { SseEvent } from '../realtime/sse-frame.ts';
import type { SseStreams } from '../realtime/sse.ts';
import { encodeReplyEvents } from './reply-events.ts';
import { streamEvents } from './stream-events.ts';
import { presentMessage, presentReply, type SentWire } from './wire.ts';

type Exchange = { request: FastifyRequest; reply: FastifyReply; streams: SseStreams; core: Core };

/** Sends, and answers 202 with what came of it, or with the stream of the reply's events where that is what the client accepts. */
export async function answerSend(
  { request, reply, streams, core }: Exchange,
  send: () => Promise<SentMessage>,
): Promise<Static<typeof SentWire> | void> {
  if (/\btext\/event-stream\b/i.test(request.headers.accept ?? '')) {
    // The message is sent when the stream has its place: one reader too many must not leave a message behind.
    const events = (signal: AbortSignal) =>
      sendAndFollow(core, request.actor, {
        send: async () => tell(reply, await send()),
        signal,
      });
    return streamEvents({ request, reply, streams }, { awaitsFirst: true, events });
  }
  const sent = tell(reply, await send());
  reply.code(202);
  return { message: presentMessage(sent.message), reply: presentReply(sent.reply) };
}

/** What came of a send, in the headers of either answer. */
function tell(answer: FastifyReply, sent: SentMessage): SentMessage {
  if (sent.duplicate) answer.header('idempotency-replayed', 'true');
  answer.header('location', `/api/v1/replies/${sent.reply.uuid}`);
  return sent;
}

async function* sendAndFollow(
  core: Core,
  actor: Actor,
  { send, signal }: { send: () => Promise<SentMessage>; signal: AbortSignal },
): AsyncGenerator<SseEvent, void, void> {
  const { message, reply } = await send();
  const sent = { message: presentMessage(message), reply: presentReply(reply) };
  yield { event: 'message', id: '0', data: JSON.stringify(sent) };
  yield* encodeReplyEvents(core.replies.follow(actor, reply.uuid, { after: 0, signal }));
}
