import type { Change, TextDelta, UserEvent } from '../core/events.ts';
import type { SseEvent } from '../realtime/sse-frame.ts';
import { inPieces } from './reply-events.ts';
import { presentChat, presentMessage, presentReply } from './wire.ts';

/** The feed's events as they are sent. Changes carry their position as id; text, which is not part of the feed, carries none. */
export async function* encodeFeedEvents(
  events: AsyncIterable<UserEvent>,
): AsyncGenerator<SseEvent, void, void> {
  for await (const event of events) {
    if (event.type === 'text-delta') {
      for (const piece of inPieces(event.text, event.start)) yield encodeText(event, piece);
    } else if (event.type === 'reset') {
      yield { event: 'reset', id: `${event.position}`, data: `{"position":${event.position}}` };
    } else if (event.type === 'typing') {
      const { chatUuid, isTyping } = event;
      yield { event: 'typing', data: `{"chat_id":"${chatUuid}","is_typing":${isTyping}}` };
    } else {
      yield {
        event: event.change.type,
        id: `${event.position}`,
        data: JSON.stringify(presentChange(event.change)),
      };
    }
  }
}

const encodeText = (
  { replyUuid, chatUuid }: TextDelta,
  { start, text }: { start: number; text: string },
): SseEvent => ({
  event: 'text-delta',
  data: `{"reply_id":"${replyUuid}","chat_id":"${chatUuid}","start":${start},"text":${JSON.stringify(text)}}`,
});

function presentChange(change: Change): Record<string, unknown> {
  switch (change.type) {
    case 'chat-created':
    case 'chat-updated':
      return { chat: presentChat(change.chat) };
    case 'branch-switched':
      return { chat: presentChat(change.chat), after_id: change.after };
    case 'chat-deleted':
    case 'chat-cleared':
      return { chat_id: change.chatUuid };
    case 'message-created':
    case 'message-updated':
    case 'message-delivered':
      return { message: presentMessage(change.message) };
    case 'message-deleted':
      return { message_id: change.messageUuid, chat_id: change.chatUuid };
    case 'reply-start':
    case 'reply-end':
      return {
        reply: presentReply(change.reply),
        message: change.message === null ? null : presentMessage(change.message),
      };
  }
}
