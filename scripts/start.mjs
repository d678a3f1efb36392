import module from 'node:module';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { requireNode } from './require-node.mjs';
import { root } from './run-step.mjs';

requireNode();
await ensureInstalled({ dev: false });
await ensureBuilt();

// In this process, so that signals and exit codes are the server's own. `npm start -- doctor` runs another command.
const main = `${root}dist/cli/main.js`;
process.argv = [process.execPath, main, ...process.argv.slice(2)];
// From Node 22 on, compiled code is kept between starts.
module.enableCompileCache?.();
module.createRequire(import.meta.url)(main);
