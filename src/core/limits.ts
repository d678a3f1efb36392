/** So many in a window. */
export type Rate = { most: number; windowMs: number };

/** The bounds of what one user may hold and say. */
export type Limits = {
  /** Of a message, in UTF-16 code units. */
  textLength: number;
  titleLength: number;
  /** Of an image's URL or data URL, in UTF-16 code units. */
  imageUrlLength: number;
  mediaUrls: number;
  attachmentBytes: number;
  /** How many files of a user may wait for a message. */
  looseAttachmentsPerUser: number;
  waitingRepliesPerChat: number;
  openRepliesPerUser: number;
  /** Of a reply, in UTF-16 code units; the provider is stopped there, and the reply counts as stopped. */
  replyLength: number;
};

export const defaultLimits: Limits = {
  textLength: 100_000,
  titleLength: 255,
  imageUrlLength: 1_000_000,
  mediaUrls: 20,
  attachmentBytes: 10 * 1024 * 1024,
  looseAttachmentsPerUser: 200,
  waitingRepliesPerChat: 8,
  openRepliesPerUser: 100,
  replyLength: 1_000_000,
};
