import type { UserId } from '../users/user.ts';

export type ChatId = number & { readonly brand: 'ChatId' };
export type ChatUuid = string & { readonly brand: 'ChatUuid' };
/** Either name of a chat: dialects use the one that their clients can parse. */
export type ChatKey = ChatId | ChatUuid;

/** A conversation of one user with the AI. */
export type Chat = {
  id: ChatId;
  uuid: ChatUuid;
  userId: UserId;
  title: string;
  /** False while the title is still the default, so that the first message may give one. */
  titled: boolean;
  pinned: boolean;
  messageCount: number;
  lastMessageAt: Date | null;
  /** The first 200 characters of the newest message. */
  lastMessageText: string;
  /** Counts the changes of this chat's own fields; `If-Match` compares it. */
  revision: number;
  createdAt: Date;
  updatedAt: Date;
};

export const defaultTitle = 'New Chat';
