import { readFileSync } from 'node:fs';
import { root, runCommand, runStep, stop } from './run-step.mjs';

/** Installs what the lock file names, unless it is there already. `dev`: also what only building and testing needs. */
export async function ensureInstalled({ dev }) {
  const locked = packagesOf('package-lock.json');
  const installed = packagesOf('node_modules/.package-lock.json');
  if (locked === undefined) stop('package-lock.json cannot be read; restore it and try again.');
  if (installed !== undefined && isComplete(locked, installed, dev)) return;
  const hasDev = Object.values(installed ?? {}).some((entry) => entry.dev === true);
  const only = dev || hasDev ? '--include=dev' : '--omit=dev';
  try {
    await runStep('Installing packages', () => npm(['ci', only, '--no-progress', '--loglevel=error']));
  } catch (error) {
    stop(
      'The packages could not be installed; check the network and the reason above, then try again.',
      error,
    );
  }
}

/** What is installed keeps the same list as the lock file; platforms leave optional packages out. */
function isComplete(locked, installed, dev) {
  return Object.entries(locked).every(
    ([path, entry]) =>
      path === '' ||
      entry.optional === true ||
      entry.devOptional === true ||
      (entry.dev === true && !dev) ||
      installed[path]?.version === entry.version,
  );
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(`${root}${file}`, 'utf8')).packages;
  } catch {
    // Missing or cut short: the same as nothing installed.
    return undefined;
  }
}

/** The npm that runs this script, else the one on the path. */
function npm(args) {
  const program = process.env.npm_execpath;
  if (program !== undefined && program.endsWith('npm-cli.js'))
    return runCommand(process.execPath, [program, ...args]);
  return process.platform === 'win32' ? runCommand('cmd', ['/c', 'npm', ...args]) : runCommand('npm', args);
}
