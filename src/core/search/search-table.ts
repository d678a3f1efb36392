import type { ChatId, ChatUuid } from '../chats/chat.ts';
import type { MessageActivity, MessageId, MessageRole, MessageUuid } from '../messages/message.ts';
import type { UserId } from '../users/user.ts';

/** Where the index of one user stands. Everything after `position` in the user's feed is searched without it. */
export type SearchMark = {
  position: number;
  /** What is still to be read of what was there before the index was: what comes after this message of this chat; null: nothing. */
  built: { chatId: number; messageId: number } | null;
  /** Counts its changes, so that of several processes one writes. */
  version: number;
};

export type SearchKind = 'message' | 'chat';
/** A place in the index: the messages, or the chats, of a user that have a term. */
export type TermPlace = { userId: UserId; kind: SearchKind; term: string };
/** Ids that have a term, ascending; those of older blocks are lower. `first`: none of them is lower. */
export type TermBlock = { first: number; ids(): number[] };
/** What changes in the index. Ids ascend; what is there already, or gone already, stays so. */
export type TermChange = { kind: SearchKind; term: string; add: number[]; remove: number[] };

/** What a message, or the title of a chat, said before it was changed or erased. The index still has its words. */
export type FormerText = { id: number; kind: SearchKind; subjectId: number; text: string };

export type SearchedMessage = {
  id: MessageId;
  uuid: MessageUuid;
  chatId: ChatId;
  chatUuid: ChatUuid;
  role: MessageRole;
  text: string;
  activity: MessageActivity;
  createdAt: Date;
};
export type SearchedChat = { id: ChatId; uuid: ChatUuid; title: string; titled: boolean; createdAt: Date };

export type TouchedSubjects = {
  messageIds: number[];
  chatIds: number[];
  /** The lowest and the highest place looked at; both undefined where there is none. */
  first: number | undefined;
  last: number | undefined;
  count: number;
};
/** How far a user's feed is ahead of the index. `isBuilding`: not everything from before is in it yet. */
export type SearchLag = { userId: UserId; behind: number; isBuilding: boolean; indexedAt: Date | null };

/** The index of words. Tables keep what is changed or erased as former texts, in the transaction that does it. */
export interface SearchTable {
  mark(userId: UserId): Promise<SearchMark | undefined>;
  /** One that is there stays. */
  begin(userId: UserId, mark: Omit<SearchMark, 'version'>, at: Date): Promise<void>;
  /** Takes the turn of writing, until the commit; false where somebody else has written since that version. */
  turn(userId: UserId, version: number): Promise<boolean>;
  move(userId: UserId, mark: Omit<SearchMark, 'version'>, at: Date): Promise<void>;
  apply(userId: UserId, changes: readonly TermChange[]): Promise<void>;
  /** What was said before, oldest change first. */
  formers(userId: UserId, limit: number): Promise<FormerText[]>;
  dropFormers(ids: readonly number[]): Promise<void>;
  /** What the newest, or with `oldest` the oldest changes after a position are about. */
  touched(userId: UserId, page: { after: number; limit: number; oldest: boolean }): Promise<TouchedSubjects>;
  /** The newest block of each term that has any. */
  newest(userId: UserId, kind: SearchKind, terms: readonly string[]): Promise<Map<string, TermBlock>>;
  /** Older blocks that may have ids up to one, the newest first. */
  older(place: TermPlace, page: { upTo: number; limit: number }): Promise<TermBlock[]>;
  /** Finished messages on any branch, in any order, without deleted ones. */
  messages(owner: UserId, ids: readonly number[]): Promise<SearchedMessage[]>;
  messagesOfChat(chatId: number, page: { after: number; limit: number }): Promise<SearchedMessage[]>;
  chats(owner: UserId, ids: readonly number[]): Promise<SearchedChat[]>;
  /** Ascending. */
  chatIds(owner: UserId): Promise<number[]>;
  /** Ascending by user. */
  lags(page: { after: UserId | null; limit: number }): Promise<SearchLag[]>;
  /** The users that have former texts, ascending. */
  usersWithFormers(limit: number): Promise<UserId[]>;
  /** Removes what the index has of a user, at most so many rows. */
  forget(userId: UserId, limit: number): Promise<number>;
}
