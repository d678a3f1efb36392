/** The bounds of what one user may hold and say. */
export type Limits = {
  /** Of a message, in UTF-16 code units. */
  textLength: number;
  titleLength: number;
  /** Of an image's URL or data URL, in UTF-16 code units. */
  imageUrlLength: number;
  mediaUrls: number;
  waitingRepliesPerChat: number;
  openRepliesPerUser: number;
  /** Of a reply, in UTF-16 code units; the provider is stopped there and the reply is complete. */
  replyLength: number;
};

export const defaultLimits: Limits = {
  textLength: 100_000,
  titleLength: 255,
  imageUrlLength: 1_000_000,
  mediaUrls: 20,
  waitingRepliesPerChat: 8,
  openRepliesPerUser: 100,
  replyLength: 1_000_000,
};
