import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { createFiles } from '../files/create-files.ts';
import type { Config } from '../config.ts';
import { secretPath } from '../config/keep-secret.ts';
import { openStorage } from '../storage/open-storage.ts';
import { tryModel } from './try-model.ts';
import { tryVoice } from './try-voice.ts';

export type Finding = { verdict: 'ok' | 'warning' | 'problem'; says: string };
/** One finding, or one for each of several things of a kind. */
export type Check = (config: Config) => Finding | Promise<Finding | Finding[]>;

const ok = (says: string): Finding => ({ verdict: 'ok', says });
const warning = (says: string): Finding => ({ verdict: 'warning', says });
const problem = (says: string): Finding => ({ verdict: 'problem', says });

const gibibyte = 1024 ** 3;

/** What a start needs, in the order in which it needs it. */
export const checks: Record<string, Check> = {
  node: () => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const recent = major > 20 || (major === 20 && minor >= 19);
    return recent
      ? ok(`Node ${process.versions.node}`)
      : problem(`Node ${process.versions.node} is too old; install 20.19 or newer`);
  },

  'data folder': ({ dataDir }) => {
    // The folder is made at the first start: what matters until then is whether it can be.
    const nearest = nearestExisting(dataDir);
    if (!statSync(nearest).isDirectory())
      return problem(`${nearest} is no folder; choose another with DATA_DIR`);
    accessSync(nearest, constants.W_OK);
    const { bavail, bsize } = statfsSync(nearest);
    const free = (bavail * bsize) / gibibyte;
    const says = `${dataDir}${existsSync(dataDir) ? '' : ' (made at the first start)'}, ${free.toFixed(1)} GiB free`;
    return free < 1 ? warning(`${says}: that is little`) : ok(says);
  },

  database: async ({ database }) => {
    const { url, shown, file } = database;
    if (file !== undefined && !existsSync(file)) return ok(`${shown} (made at the first start)`);
    // On a disk that is mounted read-only, what is to be looked at here can be read all the same.
    if (file !== undefined) accessSync(file, constants.W_OK);
    const storage = await openStorage({ url, schema: 'leave' });
    try {
      const due = (await storage.migrations.status()).filter(({ appliedAt }) => appliedAt === null);
      const [sentence] = await storage.warnings();
      if (sentence !== undefined) return warning(sentence);
      return ok(`${shown}${due.length > 0 ? `, ${due.length} migrations due (serve applies them)` : ''}`);
    } finally {
      await storage.close();
    }
  },

  Redis: async ({ redis }) => {
    if (redis === undefined) return ok('none; REDIS_URL names one where several processes share a database');
    const { pingRedis } = await import('../redis/open-redis.ts');
    const { host } = new URL(redis.url);
    try {
      await pingRedis(redis);
      return ok(`${host} answers`);
    } catch (thrown) {
      return problem(
        `${host} cannot be used (${reasonOf(thrown)}); start it, or name another with REDIS_URL`,
      );
    }
  },

  files: async (config) => {
    if (!config.bucket) return ok('uploads are kept in the data folder');
    const files = createFiles(config);
    try {
      for await (const _ of files.list(new Date(0))) break;
      return ok(`the bucket at ${config.bucket.url} answers`);
    } finally {
      await files.close();
    }
  },

  secrets: ({ jwtSecretKey, dataDir }) => {
    if (jwtSecretKey !== undefined) return ok('JWT_SECRET_KEY is given');
    const file = secretPath(dataDir, 'jwt-secret-key');
    if (!existsSync(file)) return ok('made at the first start, and kept in the data folder');
    const open = (statSync(file).mode & 0o077) !== 0;
    return open
      ? problem(`${file} can be read by others; run: chmod 600 ${file}`)
      : ok('kept in the data folder, readable by its owner only');
  },

  network: ({ host, isLoopback }) =>
    isLoopback
      ? ok(`only this machine can reach ${host}`)
      : warning(`${host} can be reached from the network; put a proxy with https before it`),

  port: async ({ host, listeners }) => {
    const ports = listeners.map(({ port }) => port).filter((port) => port !== 0);
    if (ports.length === 0) return ok('any free one');
    for (const port of ports) {
      const error = await tryPort(host, port);
      if (error?.code === 'EADDRINUSE')
        return warning(`${port} is taken: by a running Parlance, or else choose another with LISTEN or PORT`);
      if (error) return problem(`${port} cannot be opened (${error.code})`);
    }
    return ok(`${ports.join(' and ')} ${ports.length > 1 ? 'are' : 'is'} free`);
  },

  AI: async ({ models: { standard, others, fallbacks } }) => {
    const all = new Map(
      [standard, ...others, ...fallbacks].map((one) => [`${one.provider}:${one.model}`, one]),
    );
    return Promise.all([...all.values()].map(tryModel));
  },

  voice: ({ voice }) => {
    if (voice === undefined) return ok('none; VOICE_BASE_URL names a server that hears and speaks');
    if (voice.transcriptionModel === undefined && voice.speechModel === undefined)
      return warning('VOICE_BASE_URL is given, but both of its models are none');
    return tryVoice(voice);
  },
};

/** Of a host with several addresses there is an error for each, and none in words for all. */
function reasonOf(thrown: unknown): string {
  const error = thrown instanceof AggregateError ? (thrown.errors[0] as unknown) : thrown;
  return error instanceof Error ? error.message : String(error);
}

function nearestExisting(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestExisting(dirname(folder));
}

function tryPort(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ host, port }, () => server.close(() => resolve(undefined)));
  });
}
