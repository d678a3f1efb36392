/**
 * What the content of a file says that it is; its name may say anything. Null where it says nothing.
 * Text counts as text, whatever format its first letters may be taken for.
 */
export async function mediaTypeOf(path: string, isText: boolean): Promise<string | null> {
  // Loaded by the first upload: a start does not need it.
  const { fileTypeFromFile } = await import('file-type');
  // A file that its parser stumbles over is none of those that it knows.
  const found = await fileTypeFromFile(path).then(
    (type) => type?.mime ?? null,
    () => null,
  );
  if (isText && found !== 'application/pdf') return 'text/plain';
  return drawn(found);
}

/** The same of bytes in memory that are no text. */
export async function mediaTypeIn(bytes: Uint8Array): Promise<string | null> {
  const { fileTypeFromBuffer } = await import('file-type');
  const found = await fileTypeFromBuffer(bytes).then(
    (type) => type?.mime ?? null,
    () => null,
  );
  return drawn(found);
}

/** One that moves is drawn by whatever draws the other kind. */
const drawn = (mediaType: string | null) => (mediaType === 'image/apng' ? 'image/png' : mediaType);
