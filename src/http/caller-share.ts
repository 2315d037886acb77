// Whose share of the work a request counts against: the account's or the key's; without a key, the network it comes from.

import { isIPv6 } from 'node:net';
import type { Share } from '../threads/work-room.ts';
import { type Caller, isStranger } from './caller.ts';

/** Strangers share their turn with the wider network: a site has many networks, and a host may have many addresses of a block. */
export function shareOf(caller: Caller, address: string): Share {
  if (!isStranger(caller)) return alone(caller.account === null ? `key ${caller.prefix}` : `account ${caller.account}`);
  const own = networkOf(address);
  return { own: `network ${own}`, wider: `around ${around(own)}` };
}

const alone = (name: string): Share => ({ own: name, wider: name });

/** An IPv4 address; of an IPv6 address its first 64 bits, since whoever has one has them all. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const [before, after] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':'))) as [
    string[],
    string[],
  ];
  const gap = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...new Array<string>(gap).fill('0'), ...after];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/** Three of the four parts that either has: of an IPv4 address the /24, of an IPv6 network the /48. */
const around = (network: string): string => network.replace(/[.:][^.:]*$/, '');
