import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { requireNode } from './require-node.mjs';

requireNode();
await ensureInstalled({ dev: true });
await ensureBuilt();
await import('../bench/main.mjs');
