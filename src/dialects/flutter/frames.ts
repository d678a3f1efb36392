import type { Change } from '../../core/events.ts';
import type { Message } from '../../core/messages/message.ts';
import { type toChat, toMessage } from './wire.ts';

/** What `/ws` says: the one place on this wire where an object has a key `data`. */
export type Frame = { type: FrameType; data: Record<string, unknown> };
export type FrameType =
  | 'message'
  | 'read'
  | 'typing'
  | 'error'
  | 'message_updated'
  | 'message_deleted'
  | 'chat_updated'
  | 'chat_deleted';

export const typingFrame = (chatUuid: string, sender: 'user' | 'ai', isTyping: boolean): Frame => ({
  type: 'typing',
  data: { chat_id: chatUuid, sender, is_typing: isTyping },
});

export const errorFrame = (message: string): Frame => ({ type: 'error', data: { message } });

export const chatFrame = (chat: ReturnType<typeof toChat>): Frame => ({ type: 'chat_updated', data: chat });

const messageFrame = (type: 'message' | 'message_updated', message: Message): Frame => {
  const { id, content, type: kind, sender, timestamp, status, media_urls } = toMessage(message);
  const chat_id = message.chatUuid;
  return { type, data: { id, chat_id, content, type: kind, sender, timestamp, status, media_urls } };
};

/** What a change is in frames; none for what the app has no word for. */
export function toFrames(change: Change): Frame[] {
  switch (change.type) {
    case 'message-created':
      return [messageFrame('message', change.message)];
    case 'message-updated':
      return [messageFrame('message_updated', change.message)];
    case 'message-delivered':
      return [deliveryFrame(change.message)];
    case 'message-deleted': {
      const { messageUuid: id, chatUuid: chat_id } = change;
      return [{ type: 'message_deleted', data: { id, message_id: id, chat_id } }];
    }
    case 'chat-deleted':
      return [{ type: 'chat_deleted', data: { id: change.chatUuid, chat_id: change.chatUuid } }];
    case 'reply-start':
      return [typingFrame(change.reply.chatUuid, 'ai', true)];
    case 'reply-end':
      return [typingFrame(change.reply.chatUuid, 'ai', false), ...answerFrames(change)];
    case 'chat-created':
    // Told as the chat is when its turn comes.
    case 'chat-updated':
    case 'chat-cleared':
    case 'branch-switched':
      return [];
  }
}

function deliveryFrame(message: Message): Frame {
  if (message.delivery !== 'read') return messageFrame('message_updated', message);
  return { type: 'read', data: { message_id: message.uuid, chat_id: message.chatUuid, status: 'read' } };
}

/** A reply that goes on where another broke off writes a message that is known already. */
function answerFrames({ reply, message }: Extract<Change, { type: 'reply-end' }>): Frame[] {
  if (message === null) return [];
  return [messageFrame(message.createdAt < reply.createdAt ? 'message_updated' : 'message', message)];
}
