import { DomainError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { Picture } from '../ports.ts';

/** A few bytes can be an image that takes gigabytes to draw. @throws DomainError `image-too-large` */
export function requirePixels({ width, height, frames }: Picture, { imagePixels }: Limits): void {
  if (width * height * frames > imagePixels) throw new DomainError('image-too-large');
}
