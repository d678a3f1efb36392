import { BlockList, isIP, isIPv4 } from 'node:net';

/** Addresses that belong to a machine, to a network or to nobody, by the registries of special addresses of IANA. */
const reservedIpv4 = blockList('ipv4', [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // It looks public, and answers every machine of a large cloud about itself.
  '168.63.129.16/32',
]);
/** All that is handed out to anybody lies here. */
const globalIpv6 = blockList('ipv6', ['2000::/3']);
const reservedIpv6 = blockList('ipv6', [
  '2001::/23',
  '2001:db8::/32',
  // Both carry an IPv4 address to which somebody else would lead on.
  '2002::/16',
  '3fff::/20',
]);
/** The last 32 bits are an IPv4 address (RFC 6052): networks without IPv4 reach all of it this way. */
const nat64 = blockList('ipv6', ['64:ff9b::/96']);

/** Whether an IP address is somebody's on the public internet: no other may ever be connected to on a user's word. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !reservedIpv4.check(address, 'ipv4');
  if (isIP(address) !== 6 || address.includes('%')) return false;
  if (nat64.check(address, 'ipv6')) return isPublicAddress(lastIpv4(address));
  return globalIpv6.check(address, 'ipv6') && !reservedIpv6.check(address, 'ipv6');
}

function blockList(family: 'ipv4' | 'ipv6', subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net = '', bits] = subnet.split('/');
    list.addSubnet(net, Number(bits), family);
  }
  return list;
}

function lastIpv4(address: string): string {
  // A URL writes the one form that there is of an IPv6 address, without dots.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::').at(-1)?.split(':') ?? [];
  const [high = 0, low = 0] = ['0', '0', ...groups]
    .slice(-2)
    .map((group) => Number.parseInt(group || '0', 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
