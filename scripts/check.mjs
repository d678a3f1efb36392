import { ensureInstalled } from './ensure-installed.mjs';
import { requireNode } from './require-node.mjs';
import { repositoryChecks, runChecks, staticChecks } from './run-checks.mjs';

requireNode();
await ensureInstalled({ dev: true });
const { failed } = await runChecks([...repositoryChecks, ...staticChecks]);
process.exitCode = failed === 0 ? 0 : 1;
