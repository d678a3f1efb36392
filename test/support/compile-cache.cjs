/**
 * Loaded before the built program by the tests: keeps what V8 has compiled of it, as Node 22 does where NODE_COMPILE_CACHE names a
 * folder. The suites start it some two hundred times, and half of a start was compiling.
 */
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { dirname, join, relative, resolve } = require('node:path');
const { Script } = require('node:vm');
const { isMainThread } = require('node:worker_threads');

const root = resolve(__dirname, '../..');
// In the build, and so gone with it. One command needs other functions of a file than another.
const folder = join(root, 'dist/.compiled', process.version, process.argv[2] ?? 'serve');
const compiled = new Map();

// oxlint-disable-next-line no-underscore-dangle -- Node's name for it
const compileAsNode = Module.prototype._compile;
// What a thread runs may have no file.
// oxlint-disable-next-line no-underscore-dangle -- Node's name for it
if (isMainThread) Module.prototype._compile = compile;

// The build has no `import()`: Node 20 forgets whose it is where compiled code was kept.
function compile(content, filename, format) {
  // A package of the other kind, required all the same.
  if (format === 'module') return compileAsNode.call(this, content, filename, format);
  const kept = join(folder, relative(root, filename).replaceAll(/[^\w.-]/g, '_'));
  const script = new Script(Module.wrap(content.replace(/^#!/, '//')), {
    filename,
    cachedData: readKept(kept),
  });
  if (script.cachedDataRejected !== false) compiled.set(kept, script);
  const run = script.runInThisContext();
  run.call(this.exports, this.exports, Module.createRequire(filename), this, filename, dirname(filename));
}

// Not before: only now is known which functions were needed. A start that failed did not come to most of them.
process.on('exit', (code) => {
  if (code !== 0) return;
  try {
    if (compiled.size > 0) mkdirSync(folder, { recursive: true });
    for (const [kept, script] of compiled) {
      const draft = `${kept}.${process.pid}`;
      writeFileSync(draft, script.createCachedData());
      renameSync(draft, kept);
    }
  } catch {
    // A test has taken the right to write, or the room: the next start compiles again.
  }
});

function readKept(file) {
  try {
    return readFileSync(file);
  } catch {
    // Not compiled before.
    return undefined;
  }
}
