/** Ends the process with one line when this Node is too old; `package.json` names the same version. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Parlance needs Node 20.19 or newer; this is ${process.version}. Install one from https://nodejs.org and try again.`,
  );
  process.exit(1);
}
