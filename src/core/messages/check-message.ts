import type { AttachmentUuid } from '../attachments/attachment.ts';
import { attachmentUrl } from '../attachments/attachment-url.ts';
import { DomainError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { requireUnicode } from '../unicode-text.ts';
import type { MessageUuid } from './message.ts';

/** What a message says and carries. */
export type MessageContent = {
  text: string;
  imageUrl: string | null;
  kind: string;
  mediaUrls: readonly string[];
  replyToUuid: MessageUuid | null;
};
type Input = { text: string; attachments?: readonly AttachmentUuid[] } & {
  [Field in Exclude<keyof MessageContent, 'text'>]?: MessageContent[Field];
};

const kindPattern = /^[a-z][a-z0-9_-]{0,31}$/;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a message may be: text, an image's URL or media, within bounds, kept as given. @throws DomainError `text-*`, `field-invalid` */
export function checkMessage(input: Input, limits: Limits): MessageContent {
  const { kind = 'text', attachments = [], replyToUuid = null } = input;
  const mediaUrls = [...(input.mediaUrls ?? []), ...attachments.map(attachmentUrl)];
  if (!kindPattern.test(kind)) throw invalid('type', 'must be a short lower-case word');
  if (mediaUrls.length > limits.mediaUrls) throw invalid('media_urls', 'has too many items');
  for (const url of mediaUrls) checkUrl(url, 'media_urls', limits);
  if (replyToUuid !== null && !uuidPattern.test(replyToUuid)) throw invalid('reply_to_id', 'must be a UUID');
  const imageUrl = input.imageUrl ? checkUrl(input.imageUrl, 'image_url', limits) : null;
  const text = requireUnicode(input.text);
  if (text.length > limits.textLength) throw new DomainError('text-too-long');
  if (imageUrl === null && mediaUrls.length === 0 && text.trim() === '') throw new DomainError('text-empty');
  return { text, imageUrl, kind, mediaUrls, replyToUuid };
}

function checkUrl(url: string, field: string, limits: Limits): string {
  if (url.length > limits.imageUrlLength) throw invalid(field, 'is too long');
  return requireUnicode(url, field);
}

const invalid = (field: string, problem: string) =>
  new DomainError('field-invalid', { details: [{ field, problem }] });

/** 1 to 255 visible ASCII characters, as an HTTP header can carry them. @throws DomainError `idempotency-key-invalid` */
export function checkIdempotencyKey(key: string | undefined): string | undefined {
  if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key))
    throw new DomainError('idempotency-key-invalid');
  return key;
}
