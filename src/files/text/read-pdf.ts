import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { FileText } from '../../core/ports.ts';
import { pdfProgram } from './pdf-program.ts';

export type PdfLimits = {
  pages: number;
  characters: number;
  timeoutMs: number;
  /** What the thread's objects may take, and half of what the process may grow by; it ends there, and the server goes on. */
  memoryMb: number;
};

const require = createRequire(import.meta.url);
const watchMs = 20;

type Answer = { text: string; isCut: boolean } | { failure: string };

/**
 * The words of a PDF, read in a thread that has so much time and memory: a hostile file can end the thread, and neither stall the server
 * nor end it. The bytes are the thread's from then on.
 */
export async function readPdf(bytes: Uint8Array<ArrayBuffer>, limits: PdfLimits): Promise<FileText> {
  const { pages, characters, timeoutMs, memoryMb } = limits;
  const library = require.resolve('unpdf');
  const worker = new Worker(pdfProgram, {
    eval: true,
    env: {},
    execArgv: [],
    // What the library prints about a file is of no use to anybody.
    stdout: true,
    stderr: true,
    workerData: { library, bytes, pages, characters },
    transferList: [bytes.buffer],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  });
  let timer: NodeJS.Timeout | undefined;
  let watch: NodeJS.Timeout | undefined;
  try {
    return await new Promise<FileText>((resolve) => {
      const giveUp = () => resolve({ unreadable: 'too-costly' });
      timer = setTimeout(giveUp, timeoutMs);
      // Unpacked bytes are not among the objects that the limit of a thread counts.
      const most = process.memoryUsage.rss() + 2 * memoryMb * 1024 * 1024;
      watch = setInterval(() => process.memoryUsage.rss() > most && giveUp(), watchMs);
      worker.once('message', (answer: Answer) => resolve(toFileText(answer)));
      worker.once('error', giveUp);
      worker.once('exit', () => resolve({ unreadable: 'broken' }));
    });
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    await worker.terminate();
  }
}

function toFileText(answer: Answer): FileText {
  if ('failure' in answer) {
    return { unreadable: answer.failure === 'PasswordException' ? 'encrypted' : 'broken' };
  }
  const text = answer.text.trim();
  return text === '' ? { unreadable: 'empty' } : { text, isCut: answer.isCut };
}
