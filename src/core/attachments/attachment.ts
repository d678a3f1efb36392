import type { MessageId } from '../messages/message.ts';
import type { UserId } from '../users/user.ts';

export type AttachmentId = number & { readonly brand: 'AttachmentId' };
export type AttachmentUuid = string & { readonly brand: 'AttachmentUuid' };

/** A file that a user sent. Its bytes are kept under its UUID, never under the name that its client gave. */
export type Attachment = {
  id: AttachmentId;
  uuid: AttachmentUuid;
  userId: UserId;
  /** The message that carries it; null until one is sent. */
  messageId: MessageId | null;
  /** What the client called it, without a path: to be shown, never to be opened. */
  name: string;
  /** By its content. */
  mediaType: string;
  sizeBytes: number;
  /** Of its content, in hex. */
  sha256: string;
  /** In pixels, of an image; null for what is none. */
  width: number | null;
  height: number | null;
  createdAt: Date;
};
