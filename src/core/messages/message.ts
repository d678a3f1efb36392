import type { ChatId, ChatUuid } from '../chats/chat.ts';
import type { UserId } from '../users/user.ts';

export type MessageId = number & { readonly brand: 'MessageId' };
export type MessageUuid = string & { readonly brand: 'MessageUuid' };
export type MessageKey = MessageId | MessageUuid;

export type MessageRole = 'user' | 'assistant';
/** A user's message is `complete` from the start; the assistant's takes the state of the reply that writes it. */
export type MessageState = 'writing' | 'complete' | 'stopped' | 'interrupted' | 'failed';

/**
 * Whether a message is on the branch of its chat that is shown. `resting`: it is not, but shows as soon as the turn before it does,
 * for it was the last to follow that one.
 */
export type MessageActivity = 'active' | 'resting' | 'inactive';

/** How far a message has come: stored, shown by a connected device, read by a person. It only goes forward. */
export type DeliveryStatus = 'sent' | 'delivered' | 'read';

/** One turn of a chat. Its text is valid Unicode without NUL, kept byte for byte. */
export type Message = {
  id: MessageId;
  uuid: MessageUuid;
  chatId: ChatId;
  chatUuid: ChatUuid;
  /** The owner of the chat, for both roles. */
  userId: UserId;
  /** The turn before it in its branch; null for the first. */
  parentId: MessageId | null;
  role: MessageRole;
  state: MessageState;
  text: string;
  /** An image that the client named with the message: a URL, fetched for an AI that needs its bytes, and only by the guarded client. */
  imageUrl: string | null;
  /** What its client says it is: `text`, `image`, `audio`... */
  kind: string;
  /** Media that the client named with it: URLs, stored and never fetched. */
  mediaUrls: readonly string[];
  /** The message of the same chat that it replies to, as its client says. */
  replyToUuid: MessageUuid | null;
  delivery: DeliveryStatus;
  activity: MessageActivity;
  /** Counts the edits and the ends of replies that wrote it: no two texts that stand still share one. */
  revision: number;
  createdAt: Date;
  updatedAt: Date;
};

/** A message among the versions of its turn, which are what was said in its place by the same side, oldest first from 1. */
export type VersionedMessage = Message & { version: number; versions: number };
