// What this machine has for a test.

import { once } from 'node:events';
import { existsSync, statfsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Where a program is installed; undefined: nowhere. */
export const program = (name: string): string | undefined =>
  ['/usr/sbin', '/usr/bin', '/usr/local/bin'].map((place) => join(place, name)).find((path) => existsSync(path));

const inMemory = '/dev/shm';
/** Bytes that are left there to others. */
const room = 2e9;

/** A folder for files that are copied often and outlive nobody: in memory where there is room, else where temporary files are. */
export function quickFolder(): string {
  if (!existsSync(inMemory)) return tmpdir();
  const { bavail, bsize } = statfsSync(inMemory);
  return bavail * bsize > room ? inMemory : tmpdir();
}
