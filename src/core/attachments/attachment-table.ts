import type { ChatId } from '../chats/chat.ts';
import type { MessageId } from '../messages/message.ts';
import type { UserId } from '../users/user.ts';
import type { Attachment, AttachmentId, AttachmentUuid } from './attachment.ts';

export type NewAttachment = Omit<Attachment, 'id' | 'messageId' | 'createdAt'> & { at: Date };

/** What is known of the files that users sent. A loose one is carried by no message. */
export interface AttachmentTable {
  insert(attachment: NewAttachment): Promise<Attachment>;
  find(owner: UserId, uuid: AttachmentUuid): Promise<Attachment | undefined>;
  /** Whether anybody has it: for the one who tidies up. */
  exists(uuid: AttachmentUuid): Promise<boolean>;
  countLoose(owner: UserId): Promise<number>;
  /** How much all files of a user take up. */
  totalBytes(owner: UserId): Promise<number>;
  /** Has a message carry those that are the owner's and loose, and says which they were. */
  attach(owner: UserId, uuids: readonly AttachmentUuid[], messageId: MessageId): Promise<AttachmentUuid[]>;
  /** Has another message carry some of those that a message carries. */
  handOver(from: MessageId, other: { to: MessageId; uuids: readonly AttachmentUuid[] }): Promise<void>;
  /** Removes those that a message carries, and says which they were. */
  removeOfMessage(messageId: MessageId): Promise<AttachmentUuid[]>;
  /** Removes those that the messages of the owner's chat carry, and says which they were. */
  removeOfChat(owner: UserId, chatId: ChatId): Promise<AttachmentUuid[]>;
  /** Removes all of a user, and says which they were. */
  removeOfUser(owner: UserId): Promise<AttachmentUuid[]>;
  /** Loose ones that were made before a time, oldest first. */
  loose(before: Date, limit: number): Promise<Attachment[]>;
  remove(id: AttachmentId): Promise<void>;
  /** False when it is not loose any more. */
  removeLoose(id: AttachmentId): Promise<boolean>;
}
