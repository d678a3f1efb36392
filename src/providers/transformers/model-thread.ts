import { Worker } from 'node:worker_threads';
import { DomainError } from '../../core/errors.ts';
import { generateInThread } from './generate-in-thread.ts';
import type { Order, Report, WorkerData } from './library.ts';

type Listener = (report: Report) => void;

export type ThreadPatience = {
  /** The longest time that loading may take. */
  loadingMs: number;
  /** How long it may say nothing after it was told to stop an answer. */
  stoppingMs: number;
};

/** A thread with a loaded model. It keeps the server free while it computes. One that hangs is ended. */
export class ModelThread {
  /** Resolves when the model can be asked. @throws DomainError `ai-refused` when it cannot be loaded, `ai-timed-out` when that takes too long */
  readonly loaded: Promise<void>;
  /** Whether it is over: then another has to be started. */
  isOver = false;
  readonly #worker: Worker;
  readonly #patience: ThreadPatience;
  readonly #listeners = new Map<number, Listener>();
  /** Answers that it is still computing, though nobody wants them. */
  readonly #unwanted = new Set<number>();
  #hanging: NodeJS.Timeout | undefined;
  #nextId = 1;

  constructor(data: WorkerData, patience: ThreadPatience) {
    this.#patience = patience;
    const source = `const { parentPort, workerData } = require('node:worker_threads');
      (${generateInThread.toString()})(require, parentPort, workerData);`;
    this.#worker = new Worker(source, { eval: true, workerData: data, stdout: false, env: {} });
    this.#worker.unref();
    this.loaded = this.#load();
    // Whoever asks looks at it.
    this.loaded.catch(() => undefined);
  }

  /** Hears everything that is said of an answer, until `stop`. */
  generate(order: Omit<Extract<Order, { type: 'generate' }>, 'type' | 'id'>, listener: Listener): number {
    const id = this.#nextId;
    this.#nextId += 1;
    if (this.isOver) {
      listener({ type: 'broke', id, message: 'The thread of the model has ended' });
      return id;
    }
    this.#listeners.set(id, listener);
    this.#worker.ref();
    this.#tell({ type: 'generate', id, ...order });
    return id;
  }

  /** Nothing more is wanted of an answer: it ends with the token that is being computed. */
  stop(id: number): void {
    if (!this.#listeners.delete(id)) return;
    this.#letProcessEnd();
    this.#tell({ type: 'stop', id });
    this.#unwanted.add(id);
    this.#expectSign();
  }

  async close(): Promise<void> {
    this.isOver = true;
    clearTimeout(this.#hanging);
    await this.#worker.terminate();
  }

  #load(): Promise<void> {
    return new Promise((resolve, reject) => {
      const loading = setTimeout(() => {
        reject(new DomainError('ai-timed-out', { cause: new Error('The model takes too long to load') }));
        void this.close();
      }, this.#patience.loadingMs).unref();
      const failed = (message: string) => {
        clearTimeout(loading);
        reject(refused(message));
      };
      this.#worker.on('message', (report: Report) => {
        if (report.type === 'loaded') {
          clearTimeout(loading);
          resolve();
        } else if (report.type === 'failed') {
          failed(report.message);
          void this.close();
        } else this.#hear(report);
      });
      let why = 'The thread of the model has ended';
      this.#worker.once('error', (error) => {
        why = String(error);
      });
      // What it said before comes before its exit, but not always before its error.
      this.#worker.once('exit', () => {
        failed(why);
        this.#end(why);
      });
    });
  }

  #hear(report: Exclude<Report, { type: 'loaded' | 'failed' }>): void {
    const listener = this.#listeners.get(report.id);
    if (report.type !== 'text') {
      this.#listeners.delete(report.id);
      this.#unwanted.delete(report.id);
      this.#letProcessEnd();
    }
    this.#expectSign();
    listener?.(report);
  }

  /** While it computes what nobody wants, it has to give a sign from time to time: one that does not will answer nobody. */
  #expectSign(): void {
    clearTimeout(this.#hanging);
    if (this.#unwanted.size === 0 || this.isOver) return;
    this.#hanging = setTimeout(() => void this.close(), this.#patience.stoppingMs).unref();
  }

  /** While nobody waits for an answer, or for the end of the thread. */
  #letProcessEnd(): void {
    if (this.#listeners.size === 0 && !this.isOver) this.#worker.unref();
  }

  #tell(order: Order): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker.postMessage(order);
  }

  #end(message: string): void {
    this.isOver = true;
    clearTimeout(this.#hanging);
    for (const [id, listener] of this.#listeners) listener({ type: 'broke', id, message });
    this.#listeners.clear();
  }
}

const refused = (message: string): DomainError =>
  new DomainError('ai-refused', { cause: new Error(`The model cannot be loaded: ${message}`.slice(0, 300)) });
