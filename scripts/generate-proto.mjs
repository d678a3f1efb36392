import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runCommand, runPackage, stop } from './run-step.mjs';

// The one that the types are made with.
const { parse } = createRequire(import.meta.resolve('@grpc/proto-loader'))('protobufjs');

const proto = 'proto/ai_backend.proto';
const target = 'src/providers/grpc/ai-backend-proto.ts';
const heading = `// Made of ${proto} by \`node scripts/generate-proto.mjs\`: change that file, not this one.`;

const packageImports = [
  "import type * as grpc from '@grpc/grpc-js';",
  "import type { MethodDefinition } from '@grpc/proto-loader';",
];

/** The generator makes a file for each message, and an alias for what comes from another. */
const inOneFile = (source) =>
  source
    .replaceAll(/^(import .*|\/\/ Original file: .*)$/gm, '')
    .replaceAll('_amanda_ai_', '')
    .trim();

// With --check, nothing is written: it fails when the types are not those of the .proto file.
const text = await generate();
if (!process.argv.includes('--check')) writeFileSync(`${root}${target}`, text);
else if (readFileSync(`${root}${target}`, 'utf8') !== text)
  stop(`${target} is not what ${proto} says; run: node scripts/generate-proto.mjs`);

/**
 * One file: the types as the generator of proto-loader makes them, and the contract itself as a value, so that the built server needs
 * no .proto file beside it.
 */
async function generate() {
  const folder = mkdtempSync(join(tmpdir(), 'parlance-proto-'));
  try {
    await runPackage('@grpc/proto-loader/build/bin/proto-loader-gen-types.js', [
      '--keepCase',
      '--defaults',
      '--grpcLib=@grpc/grpc-js',
      `--outDir=${folder}`,
      proto,
    ]);
    const types = ['ChatMessage', 'ChatChunk', 'AIService'].map((name) =>
      readFileSync(join(folder, 'amanda', 'ai', `${name}.ts`), 'utf8'),
    );
    const { root: contract } = parse(readFileSync(`${root}${proto}`, 'utf8'), { keepCase: true });
    const value = `export const aiBackendProto = ${JSON.stringify(contract.toJSON())};`;
    const draft = join(folder, 'draft.ts');
    writeFileSync(draft, [heading, ...packageImports, ...types.map(inOneFile), value].join('\n'));
    await runCommand(process.execPath, [`${root}node_modules/oxfmt/bin/oxfmt`, '-c', '.oxfmtrc.json', draft]);
    return readFileSync(draft, 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
