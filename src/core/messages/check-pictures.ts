import { requirePixels } from '../attachments/require-pixels.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { MessageContent } from './check-message.ts';

type Deps = Pick<CoreDependencies, 'pictures' | 'limits'>;
type Pictures = Partial<Pick<MessageContent, 'imageUrl' | 'mediaUrls'>>;

const anyData = /^\s*data:/i;
const imageData = /^\s*data:image\//i;

/**
 * Holds images that stand in a message itself, as `data:` URLs, to what holds for files. Those that are elsewhere are not looked at.
 * @throws DomainError `image-too-large`; `field-invalid` for what is no image
 */
export async function checkPictures(
  deps: Deps,
  { imageUrl = null, mediaUrls = [] }: Pictures,
): Promise<void> {
  if (imageUrl !== null && anyData.test(imageUrl)) await checkPicture(deps, 'image_url', imageUrl);
  for (const url of mediaUrls) if (imageData.test(url)) await checkPicture(deps, 'media_urls', url);
}

async function checkPicture({ pictures, limits }: Deps, field: string, url: string): Promise<void> {
  if (!pictures) return;
  const comma = url.indexOf(',');
  const isBase64 = imageData.test(url) && /;base64\s*$/i.test(url.slice(0, Math.max(0, comma)));
  const picture = isBase64 ? await pictures.read(Buffer.from(url.slice(comma + 1), 'base64')) : null;
  if (picture) return requirePixels(picture, limits);
  const problem = 'has data in which there is no PNG, JPEG, GIF, WebP, AVIF or HEIC image';
  throw new DomainError('field-invalid', { details: [{ field, problem }] });
}
