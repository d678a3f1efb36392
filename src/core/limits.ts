/** So many in a window. */
export type Rate = { most: number; windowMs: number };

/** The bounds of what one user may hold and say. */
export type Limits = {
  /** Of a message, in UTF-16 code units. */
  textLength: number;
  /** Of a chat's title, in characters. */
  titleLength: number;
  /** Of a chat's own instructions, in UTF-16 code units. */
  systemPromptLength: number;
  /** Of an image's URL or data URL, in UTF-16 code units; what is sent in a longer data URL is kept as a file. */
  imageUrlLength: number;
  mediaUrls: number;
  attachmentBytes: number;
  /** Of all files of a user together. */
  attachmentBytesPerUser: number;
  /** Of an image, all its frames together. */
  imagePixels: number;
  /** How many files of a user may wait for a message. */
  looseAttachmentsPerUser: number;
  waitingRepliesPerChat: number;
  openRepliesPerUser: number;
  /** Of a reply, in UTF-16 code units; the provider is stopped there, and the reply counts as stopped. */
  replyLength: number;
  /** Of a text that is read aloud, in UTF-16 code units. */
  speechLength: number;
  /** What a user may ask for on one day in UTC; null for as much as there is. */
  tokensPerDay: number | null;
  repliesPerDay: number | null;
};

export const defaultLimits: Limits = {
  textLength: 100_000,
  titleLength: 255,
  systemPromptLength: 32_000,
  imageUrlLength: 1_000_000,
  mediaUrls: 20,
  attachmentBytes: 10 * 1024 * 1024,
  attachmentBytesPerUser: 1024 * 1024 * 1024,
  imagePixels: 100_000_000,
  looseAttachmentsPerUser: 200,
  waitingRepliesPerChat: 8,
  openRepliesPerUser: 100,
  replyLength: 1_000_000,
  speechLength: 4_096,
  tokensPerDay: null,
  repliesPerDay: null,
};
