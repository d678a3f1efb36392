import { Worker } from 'node:worker_threads';
import { DomainError } from '../../core/errors.ts';
import { generateInThread } from './generate-in-thread.ts';
import type { Order, Report, WorkerData } from './library.ts';

type Listener = (report: Report) => void;

/** A thread with a loaded model. It keeps the server free while it computes. */
export class ModelThread {
  /** Resolves when the model can be asked. @throws DomainError `ai-refused` when it cannot be loaded */
  readonly loaded: Promise<void>;
  /** Whether it is over: then another has to be started. */
  isOver = false;
  readonly #worker: Worker;
  readonly #listeners = new Map<number, Listener>();
  #nextId = 1;

  constructor(data: WorkerData) {
    const source = `const { parentPort, workerData } = require('node:worker_threads');
      (${generateInThread.toString()})(require, parentPort, workerData);`;
    this.#worker = new Worker(source, { eval: true, workerData: data, stdout: false, env: {} });
    this.#worker.unref();
    this.loaded = new Promise((resolve, reject) => {
      this.#worker.on('message', (report: Report) => {
        if (report.type === 'loaded') resolve();
        else if (report.type === 'failed') {
          reject(refused(report.message));
          void this.close();
        } else this.#listeners.get(report.id)?.(report);
      });
      this.#worker.once('exit', () => {
        reject(refused('The thread of the model has ended'));
        this.#end('The thread of the model has ended');
      });
      this.#worker.once('error', (error) => {
        reject(refused(String(error)));
        this.#end(String(error));
      });
    });
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
    this.#tell({ type: 'stop', id });
    if (this.#listeners.size === 0) this.#worker.unref();
  }

  async close(): Promise<void> {
    this.isOver = true;
    await this.#worker.terminate();
  }

  #tell(order: Order): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker.postMessage(order);
  }

  #end(message: string): void {
    this.isOver = true;
    for (const [id, listener] of this.#listeners) listener({ type: 'broke', id, message });
    this.#listeners.clear();
  }
}

const refused = (message: string): DomainError =>
  new DomainError('ai-refused', { cause: new Error(`The model cannot be loaded: ${message}`.slice(0, 300)) });
