import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { FileText } from '../../src/core/ports.ts';
import { createTextReader, type TextReaderSettings } from '../../src/files/text/create-text-reader.ts';
import { lineOf, pdfOf } from '../support/made-pdf.ts';

let opened = 0;
function readWith(settings: Partial<TextReaderSettings> = {}) {
  const reader = createTextReader(settings);
  return (bytes: Buffer, mediaType = 'application/pdf'): Promise<FileText> => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return reader.read({ mediaType, sizeBytes: bytes.length, sha256 }, async () => {
      opened += 1;
      return (async function* () {
        for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
      })();
    });
  };
}
const read = readWith();

describe('plain text', () => {
  it('is read as it is, however its bytes come', async () => {
    const text = 'ünï 漢字 \u{1F469}\u200d\u{1F680}\r\n'.repeat(300);
    expect(await read(Buffer.from(text), 'text/plain')).toEqual({ text, isCut: false });
  });

  it('is cut where it is too long, at a whole character', async () => {
    const found = await readWith({ characters: 2_001 })(Buffer.from('\u{1F680}'.repeat(2_000)), 'text/plain');
    expect(found).toMatchObject({ isCut: true });
    expect('text' in found && [found.text.length, found.text.isWellFormed()]).toEqual([2_001, true]);
  });

  it.each(['', ' \n\t '])('of nothing is none: %j', async (text) => {
    expect(await read(Buffer.from(text), 'text/plain')).toEqual({ unreadable: 'empty' });
  });

  it('is not in pictures and songs', async () => {
    expect(await read(Buffer.from('x'), 'image/png')).toEqual({ unreadable: 'no-text' });
  });
});

describe('a PDF', () => {
  it.each([false, true])('is read page by page (deflated: %s)', async (deflated) => {
    const found = await read(pdfOf([lineOf('The first page'), lineOf('The second one')], { deflated }));
    expect(found).toEqual({ text: 'The first page\n\nThe second one', isCut: false });
  });

  it('is cut after so many pages, or characters', async () => {
    const pages = ['one', 'two', 'three'].map(lineOf);
    expect(await readWith({ pages: 2 })(pdfOf(pages))).toEqual({ text: 'one\n\ntwo', isCut: true });
    expect(await readWith({ characters: 6 })(pdfOf(pages))).toEqual({ text: 'one\n\nt', isCut: true });
  });

  it.each([
    ['is encrypted', pdfOf([lineOf('secret')], { trailer: locked() }), 'encrypted'],
    ['is none', Buffer.from('%PDF-1.4\nnothing of what there should be'), 'broken'],
    ['has pictures only', pdfOf(['0 0 10 10 re f']), 'empty'],
    ['has no pages', pdfOf([]), 'empty'],
  ])('that %s is refused for what it is', async (_name, bytes, unreadable) => {
    expect(await read(bytes)).toEqual({ unreadable });
  });

  it('that takes too long is given up, and stalls nobody meanwhile', async () => {
    const slow = pdfOf([{ drawn: lineOf('x').repeat(1_000), times: 1_000 }], { deflated: true });
    const readOther = readWith();
    let ended = false;
    // Only the test says when the time is over: on a machine that does much else, it could be over at once.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const found = readWith({ timeoutMs: 600 })(slow).finally(() => (ended = true));
      // A thread that was started later has read all of its file: the slow one is at work.
      expect(await readOther(pdfOf([lineOf('quick')]))).toMatchObject({ text: 'quick' });
      let others = 0;
      for (; others < 200 && !ended; others += 1) {
        await readOther(Buffer.from(`text ${others}`), 'text/plain');
        await new Promise(setImmediate);
      }
      // Whoever reads the PDF in this thread, even piece by piece, has ended by then.
      expect([others, ended]).toEqual([200, false]);
      vi.advanceTimersByTime(600);
      expect(await found).toEqual({ unreadable: 'too-costly' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('that needs too much memory ends its thread alone', async () => {
    const greedy = pdfOf([{ drawn: lineOf('many words here').repeat(1_000), times: 400 }], {
      deflated: true,
    });
    expect(await readWith({ memoryMb: 16, timeoutMs: 20_000 })(greedy)).toEqual({ unreadable: 'too-costly' });
    expect(await read(pdfOf([lineOf('and the next')]))).toMatchObject({ text: 'and the next' });
  });

  it('that unpacks to far more than it is ends its thread alone', async () => {
    const bomb = pdfOf([{ drawn: ' '.repeat(1_000_000), times: 400 }], { deflated: true });
    expect(bomb.length).toBeLessThan(1_000_000);
    const before = process.memoryUsage.rss();
    expect(await readWith({ memoryMb: 48, timeoutMs: 20_000 })(bomb)).toEqual({ unreadable: 'too-costly' });
    expect(process.memoryUsage.rss() - before).toBeLessThan(300_000_000);
  });

  it('that is too large is not even opened', async () => {
    opened = 0;
    expect(await readWith({ pdfBytes: 100 })(pdfOf([lineOf('x')]))).toEqual({ unreadable: 'too-costly' });
    expect(opened).toBe(0);
  });

  it('is read once, however often it is asked for', async () => {
    opened = 0;
    const bytes = pdfOf([lineOf('remembered')]);
    const all = await Promise.all([read(bytes), read(bytes)]);
    all.push(await read(bytes));
    expect(all.map((one) => 'text' in one && one.text)).toEqual(['remembered', 'remembered', 'remembered']);
    expect(opened).toBe(1);
  });

  it('waits for those before it, so many and no more', async () => {
    const readFew = readWith({ waiting: 2 });
    const found = await Promise.all(['a', 'b', 'c'].map((text) => readFew(pdfOf([lineOf(text)]))));
    expect(found.map((one) => ('text' in one ? one.text : one.unreadable))).toEqual(['a', 'b', 'too-costly']);
    expect(await readFew(pdfOf([lineOf('c')]))).toMatchObject({ text: 'c' });
  });
});

/** The standard lock with a password that nobody knows. */
function locked(): string {
  const hex = 'ab'.repeat(32);
  return `/Encrypt<</Filter/Standard/V 1/R 2/O<${hex}>/U<${hex}>/P -4>>/ID[<00><00>]`;
}
