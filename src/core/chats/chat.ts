import type { MessageId } from '../messages/message.ts';
import type { UserId } from '../users/user.ts';

export type ChatId = number & { readonly brand: 'ChatId' };
export type ChatUuid = string & { readonly brand: 'ChatUuid' };
/** Either name of a chat: dialects use the one that their clients can parse. */
export type ChatKey = ChatId | ChatUuid;

/** What a chat asks of its AI. */
export type ChatSettings = {
  /** Who answers, by the name under which it is offered; null for whoever answers by default. */
  model: string | null;
  /** Instructions of this chat, after those of the server. */
  systemPrompt: string | null;
  /** From 0 to 2, in steps of a thousandth; null leaves it to the server. */
  temperature: number | null;
  /** The longest answer, in tokens; null leaves it to the server. */
  maxOutputTokens: number | null;
};

/** What was said in a chat up to and with a message of its shown branch, in short. */
export type ChatSummary = { text: string; upTo: MessageId };

/** A conversation of one user with the AI. */
export type Chat = ChatSettings & {
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
  /** What stands in prompts for the turns that it covers; null where nothing was shortened, or not any more. */
  summary: ChatSummary | null;
  /** Counts the changes of this chat's own fields; `If-Match` compares it. */
  revision: number;
  createdAt: Date;
  updatedAt: Date;
};

/** What a chat asks for that was told nothing: as the server is set. */
export const noChatSettings: ChatSettings = {
  model: null,
  systemPrompt: null,
  temperature: null,
  maxOutputTokens: null,
};

export const defaultTitle = 'New Chat';
