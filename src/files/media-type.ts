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
  // One that moves is drawn by whatever draws the other kind.
  return found === 'image/apng' ? 'image/png' : found;
}
