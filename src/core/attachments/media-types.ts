/** What may be kept. Nothing in here runs in a browser that is told its type. */
const accepted = new Set([
  'text/plain',
  'application/pdf',
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/heic',
  'audio/mpeg',
  'audio/mp4',
  'audio/x-m4a',
  'audio/aac',
  'audio/ogg',
  'audio/wav',
  'audio/flac',
  'audio/amr',
]);

/** Whether a file of this type may be kept; null is a type that nobody knows. Parameters (`; codecs=opus`) do not count. */
export const isAcceptedMediaType = (mediaType: string | null): mediaType is string =>
  mediaType !== null && accepted.has(mediaType.replace(/;.*/, ''));
