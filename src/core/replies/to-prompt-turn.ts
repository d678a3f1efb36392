import { attachmentsAmong } from '../attachments/attachment-url.ts';
import type { PromptTurn } from '../provider.ts';
import type { Turn } from '../store.ts';

/** Files of the user stand among the images, by their addresses: `showFiles` says what becomes of them. */
export function toPromptTurn({ role, text, imageUrl, mediaUrls }: Turn): PromptTurn {
  const files = mediaUrls.filter((url) => attachmentsAmong([url]).length > 0);
  const imageUrls = [...new Set([...(imageUrl === null ? [] : [imageUrl]), ...files])];
  return imageUrls.length === 0 ? { role, text } : { role, text, imageUrls };
}
