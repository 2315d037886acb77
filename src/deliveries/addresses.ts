// Where a webhook may not lead: a stranger's URL must not make this server ask its own network (SSRF). Every address that a name
// resolves to is looked at, at each try, and the connection goes to an address that was looked at.

import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A name or a literal led to an address that is nobody's business outside. */
export class PrivateAddress extends Error {
  constructor(address: string) {
    super(address);
    this.name = 'PrivateAddress';
  }
}

/** What of IPv6 has been given out. Beside it lie forms that hold an address of IPv4, such as ::10.0.0.1. */
const global = ipaddr.parseCIDR('2000::/3');

/** Addresses of the public internet: none of private, loopback, link-local, shared, reserved, multicast, or one that hides another. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // ::ffff:10.0.0.1 is 10.0.0.1. What translates to IPv4 in other ways (64:ff9b::, 2002::, Teredo) has a range of its own: refused.
  const bare = ipaddr.process(address);
  return bare.range() === 'unicast' && (bare.kind() === 'ipv4' || bare.match(global));
}

/** The address in a URL's host, without the brackets of IPv6; undefined where it is a name. */
function literalOf(host: string): string | undefined {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) === 0 ? undefined : bare;
}

/** TLS, and no address of one's own network; what a name leads to is seen when it is looked up. */
export function maySendTo({ protocol, hostname }: URL): boolean {
  const literal = literalOf(hostname);
  return protocol === 'https:' && (literal === undefined || isPublic(literal));
}

/** In place of the system's: refuses a name one of whose addresses is not public. */
export const publicLookup: LookupFunction = (host, options, callback) => {
  resolve(host, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 0);
    const hidden = addresses.find(({ address }) => !isPublic(address));
    const [first] = addresses;
    if (hidden !== undefined || first === undefined)
      return callback(new PrivateAddress(hidden?.address ?? host), '', 0);
    if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};
