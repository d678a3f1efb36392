import type { Change } from '../../core/events.ts';
import { toChat, toMessage } from './wire.ts';

export type WireEvent = { name: string; payload: object };

/** A change as an event beside those of the README, which its clients ignore; undefined for what this wire has no word for. */
export function toChangeEvent(change: Change): WireEvent | undefined {
  switch (change.type) {
    case 'chat-created':
    case 'chat-updated':
      return { name: wireName(change), payload: { chat: toChat(change.chat) } };
    case 'branch-switched':
      return { name: wireName(change), payload: { chat: toChat(change.chat) } };
    case 'chat-deleted':
    case 'chat-cleared':
      return { name: wireName(change), payload: { chat_id: change.chatId } };
    case 'message-created':
    case 'message-updated':
      return { name: wireName(change), payload: { message: toMessage(change.message) } };
    case 'message-deleted':
      return { name: wireName(change), payload: { message_id: change.messageId, chat_id: change.chatId } };
    case 'message-delivered':
    case 'reply-start':
    case 'reply-end':
      return undefined;
  }
}

const wireName = ({ type }: Change): string => type.replace('-', '_');
