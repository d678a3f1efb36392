import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { get } from '../load/http-connection.mjs';
import { startChild } from './start-child.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The processes and folders of one measurement. */
export class Context {
  #folder;
  #count = 0;
  #children = [];
  #databases = [];

  /** What a reader of the figures has to know, in sentences. @type {string[]} */
  remarks = [];

  /** Whether everything is only to be tried out: figures of small sizes say nothing. */
  small;

  /** @param {string} folder @param {{ small?: boolean }} [options] */
  constructor(folder, { small = false } = {}) {
    this.#folder = folder;
    this.small = small;
  }

  /** Says how far it is. @param {string} what */
  note(what) {
    console.log(`  (${what})`);
  }

  /** Says what belongs to the results: what was left out, and why. @param {string} sentence */
  remark(sentence) {
    this.note(sentence.replace(/\.$/, ''));
    this.remarks.push(sentence);
  }

  /** A new empty folder on the disk that is measured. */
  newFolder() {
    const folder = join(this.#folder, `${performance.now()}-${this.#count++}`);
    mkdirSync(folder);
    return folder;
  }

  /** A Node program, by its path from the root of the repository. @param {string} file @param {readonly string[]} args @param {RegExp} ready */
  async start(file, args, ready) {
    return this.#keep(await startChild(process.execPath, [join(root, file), ...args], { ready }));
  }

  /** An empty database with a name of its own, until the end of the measurement. @param {import('../databases/database-server.mjs').DatabaseServer} server */
  async newDatabase(server) {
    const database = await server.create();
    this.#databases.push(database);
    return database;
  }

  /** The built server on a data folder. @param {{ dataDir?: string, env?: Record<string, string> }} [options] */
  async startParlance({ dataDir = this.newFolder(), env = {} } = {}) {
    const child = await startChild(
      process.execPath,
      [...profiling(), join(root, 'dist/cli/main.js'), 'serve'],
      {
        ready: /running on (http:\/\/\S+)/,
        cwd: dataDir,
        env: { DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn', RATE_LIMITS: 'off', ...env },
      },
    );
    this.#keep(child);
    const url = child.match[1];
    return {
      ...child,
      dataDir,
      url,
      /** CPU time of the whole process so far, in microseconds. */
      cpuMicros: async () => (await metric(url, 'process_cpu_seconds_total')) * 1e6,
      residentBytes: () => metric(url, 'process_resident_memory_bytes'),
      /** @param {string} transport `sse`, `websocket` or `socket-io` */
      openStreams: (transport) => metric(url, `parlance_open_streams{transport="${transport}"}`),
    };
  }

  /** The played vendor; its URL ends with `/v1`. */
  async startFakeAi() {
    const child = await this.start('test/support/fake-ai/main.mjs', [], /(http:\/\/\S+)/);
    return { url: child.match[1] };
  }

  /** Ends all that is still running. */
  async close() {
    await Promise.all(this.#children.map((child) => child.stop()));
    for (const database of this.#databases) await database.drop();
  }

  #keep(child) {
    const { stop } = child;
    let stopped;
    child.stop = () => (stopped ??= stop());
    this.#children.push(child);
    return child;
  }
}

/** `BENCH_PROFILE=<folder>` keeps a CPU profile of every server that is started. */
const profiling = () =>
  process.env.BENCH_PROFILE === undefined
    ? []
    : ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`];

async function metric(url, name) {
  const lines = (await get(`${url}/metrics`)).split('\n');
  return Number(lines.find((line) => line.startsWith(`${name} `))?.slice(name.length));
}
