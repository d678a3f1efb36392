import { BoundedMap } from '../../core/bounded-map.ts';
import type { FileText, TextReader } from '../../core/ports.ts';
import { type PdfLimits, readPdf } from './read-pdf.ts';

export type TextReaderSettings = PdfLimits & {
  /** A larger PDF is not even taken into memory. */
  pdfBytes: number;
  /** PDFs that wait for the one that is read. */
  waiting: number;
};

const defaults: TextReaderSettings = {
  pages: 200,
  characters: 100_000,
  timeoutMs: 10_000,
  memoryMb: 256,
  pdfBytes: 64 * 1024 * 1024,
  waiting: 20,
};
/** Texts that are remembered: a file of a conversation is asked for with each of its turns. */
const remembered = 50;

/** Reads the words of plain text and PDFs; one PDF at a time, so that they leave the machine to the server. */
export function createTextReader(settings: Partial<TextReaderSettings> = {}): TextReader {
  const limits = { ...defaults, ...settings };
  const known = new BoundedMap<string, Promise<FileText>>(remembered);
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function readInTurn(open: () => Promise<AsyncIterable<Uint8Array>>): Promise<FileText> {
    if (waiting >= limits.waiting) return { unreadable: 'too-costly' };
    waiting += 1;
    const turn = last.then(async () => readPdf(await collect(await open()), limits));
    last = turn.catch(() => undefined);
    return turn.finally(() => (waiting -= 1));
  }

  function read(
    { mediaType, sizeBytes }: Parameters<TextReader['read']>[0],
    open: Parameters<TextReader['read']>[1],
  ) {
    if (mediaType === 'text/plain') return readText(open, limits.characters);
    if (mediaType !== 'application/pdf') return Promise.resolve<FileText>({ unreadable: 'no-text' });
    if (sizeBytes > limits.pdfBytes) return Promise.resolve<FileText>({ unreadable: 'too-costly' });
    return readInTurn(open);
  }

  return {
    read(file, open) {
      const before = known.get(file.sha256);
      if (before) return before;
      const text = read(file, open);
      void known.set(file.sha256, text);
      // What could not be read now may be later; what the file itself is will not change.
      const forget = () => known.delete(file.sha256);
      text.then((found) => 'unreadable' in found && found.unreadable === 'too-costly' && forget(), forget);
      return text;
    },
  };
}

async function readText(
  open: () => Promise<AsyncIterable<Uint8Array>>,
  characters: number,
): Promise<FileText> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of await open()) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > characters) return { text: text.slice(0, characters).toWellFormed(), isCut: true };
  }
  return text.trim() === '' ? { unreadable: 'empty' } : { text, isCut: false };
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  // A buffer of its own, which can be given away.
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
