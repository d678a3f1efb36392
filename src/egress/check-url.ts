const longest = 2_048;
const defaultPorts = new Map([
  ['http:', 80],
  ['https:', 443],
]);

/** A URL that may be asked for: of the web, without credentials, on one of these ports. @throws Error that says why not */
export function checkUrl(text: string, ports: readonly number[]): URL {
  if (text.length > longest || !URL.canParse(text)) throw new Error('It is no URL');
  const url = new URL(text);
  const port = url.port === '' ? defaultPorts.get(url.protocol) : Number(url.port);
  if (!defaultPorts.has(url.protocol)) throw new Error('It is not of the web');
  if (url.username + url.password !== '') throw new Error('It carries credentials');
  if (port === undefined || !ports.includes(port)) throw new Error('It names a port of its own');
  return url;
}
