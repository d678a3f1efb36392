import { ArchiveError } from './records.ts';

/** Far more than the largest file that anybody may upload takes. */
const mostUnits = 256 * 1024 * 1024;

/** Lines of UTF-8. They end with a line feed alone: texts may hold other separators. @throws ArchiveError */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoded(() => decoder.decode(chunk, { stream: true }))).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > mostUnits) throw new ArchiveError('A line is too long');
    yield* lines;
  }
  rest += decoded(() => decoder.decode());
  if (rest !== '') yield rest;
}

function decoded(decode: () => string): string {
  try {
    return decode();
  } catch {
    throw new ArchiveError('The export is not UTF-8');
  }
}
