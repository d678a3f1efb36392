import { attachmentsAmong } from '../attachments/attachment-url.ts';
import type { PromptTurn } from '../provider.ts';
import type { Turn } from '../store.ts';
import { firstCharacters } from '../unicode-text.ts';

/** As much of an address as tells it from others. */
const shownCharacters = 200;

/**
 * Files of the user stand among the images, by their addresses: `showFiles` says what becomes of them. So do addresses elsewhere that say
 * that they are images; the others are named.
 */
export function toPromptTurn({ role, text: said, imageUrl, mediaUrls }: Turn): PromptTurn {
  const isFile = (url: string) => attachmentsAmong([url]).length > 0 || isImage(url);
  const named = mediaUrls.filter((url) => !isFile(url)).map(nameAddress);
  const text = [said, ...named].filter((part) => part !== '').join('\n\n');
  const imageUrls = [...new Set([...(imageUrl === null ? [] : [imageUrl]), ...mediaUrls.filter(isFile)])];
  return imageUrls.length === 0 ? { role, text } : { role, text, imageUrls };
}

/** By its name, for nothing is fetched to find out. */
function isImage(url: string): boolean {
  if (/^data:image\//i.test(url)) return true;
  return /^https?:\/\/[^?#]+\.(?:png|jpe?g|gif|webp)(?:[?#]|$)/i.test(url);
}

function nameAddress(url: string): string {
  if (/^\s*data:/i.test(url)) return '[The user attached data that you cannot read.]';
  return `[The user attached the address ${JSON.stringify(firstCharacters(url, shownCharacters))}, which you cannot open.]`;
}
