import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';

export type Resolved = { address: string; family: number };
/** Every address of a name. */
export type Resolve = (name: string) => Promise<Resolved[]>;

/** Nothing was connected to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  constructor() {
    super('The address is not on the public internet');
  }
}

export type Guard = { isAllowed(address: string): boolean; resolve?: Resolve; timeoutMs: number };

const systemResolve: Resolve = (name) => systemLookup(name, { all: true, verbatim: true });

/**
 * Connects to allowed addresses only. A name is resolved once, and what was looked at is what is connected to: there is no time between in
 * which it could come to mean another. One forbidden address among several forbids them all.
 */
export function guardedConnector({
  isAllowed,
  resolve = systemResolve,
  timeoutMs,
}: Guard): buildConnector.connector {
  const lookup: LookupFunction = (name, options, callback) => {
    resolve(name).then(
      (found) => {
        const [first] = found;
        if (!first || !found.every(({ address }) => isAllowed(address)))
          return callback(new AddressRefused(), '');
        if (options.all) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (thrown: unknown) => callback(thrown as NodeJS.ErrnoException, ''),
    );
  };
  const connect = buildConnector({ lookup, timeout: timeoutMs });
  return (options, callback) => {
    // An address in the place of a name is never looked up.
    const host = options.hostname.replace(/^\[(.*)\]$/, '$1');
    if (isIP(host) > 0 && !isAllowed(host)) return callback(new AddressRefused(), null);
    connect(options, callback);
  };
}
