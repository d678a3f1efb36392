import { readFileSync } from 'node:fs';

/** How the kernel counts, everywhere that Node runs. */
const ticksPerSecond = 100;
/** The names of what works for a connection: a process of Postgres, a thread of the others. */
const workers = /^(postgres|mysqld|mariadbd|connection)/;

/** CPU time of the processes or threads of a database server that work for the connections to one database. */
export class ConnectionCpu {
  #threads;
  /** Also of those that are gone. @type {Map<number, number>} */
  #ticks = new Map();

  /** @param {() => Promise<number[]>} threads */
  constructor(threads) {
    this.#threads = threads;
  }

  /** So far, in microseconds; undefined where the server's processes are not to be seen here. */
  async micros() {
    for (const thread of await this.#threads()) {
      const ticks = ticksOf(thread);
      if (ticks === undefined) return undefined;
      this.#ticks.set(thread, ticks);
    }
    let sum = 0;
    for (const ticks of this.#ticks.values()) sum += ticks;
    return (sum * 1e6) / ticksPerSecond;
  }
}

/** A server on another machine names numbers of its own, which are others' here. @param {number} thread */
function ticksOf(thread) {
  try {
    const stat = readFileSync(`/proc/${thread}/task/${thread}/stat`, 'latin1');
    const [name = ''] = /(?<=\().*(?=\))/s.exec(stat) ?? [];
    if (!workers.test(name)) return undefined;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return undefined;
  }
}
