// The servers that one database may be found on: a primary, and standbys that may become it. They are tried in turn, and the one
// that takes writes is used.

import pg from 'pg';
import type { Engine } from './engine.ts';

/** Several servers in one address: `postgresql://user@one:5432,two:5432/name`, or `…/name?host=one,two&port=5432`, as libpq has them. */
export function addressesOf(url: string): readonly string[] {
  const [, scheme = '', user = '', hosts = '', rest = ''] = /^(\w+:\/\/)([^/?#]*@)?([^/?#@]*)(.*)$/s.exec(url) ?? [];
  if (hosts.includes(',')) return hosts.split(',').map((host) => `${scheme}${user}${host}${rest}`);
  const [path = '', query = ''] = rest.split('?');
  const asked = new URLSearchParams(query);
  const [named, ports] = [asked.get('host')?.split(',') ?? [], asked.get('port')?.split(',') ?? []];
  if (named.length < 2) return [url];
  return named.map((host, place) => {
    const own = new URLSearchParams(asked);
    own.set('host', host);
    const port = ports[place] ?? ports[0];
    if (port !== undefined) own.set('port', port);
    return `${scheme}${user}${hosts}${path}?${own}`;
  });
}

/** Shared by all connections of a process, or a thread: which server is the one to connect to. */
export class Hosts {
  readonly #addresses: readonly pg.ClientConfig[];
  #place = 0;
  /** What each was not used for when it was tried last. */
  readonly #failures = new Map<number, string>();

  constructor(address: pg.ClientConfig) {
    const { connectionString } = address;
    this.#addresses =
      connectionString === undefined
        ? [address]
        : addressesOf(connectionString).map((each) => ({ ...address, connectionString: each }));
  }

  get count(): number {
    return this.#addresses.length;
  }

  /** What the database was found to be. */
  engine: Engine = 'postgresql';

  get address(): pg.ClientConfig {
    return this.#addresses[this.#place] ?? {};
  }

  /** This one takes no writes, or does not answer: the next one is tried. */
  next(why: unknown): void {
    this.#failures.set(this.#place, why instanceof Error ? why.message : String(why));
    this.#place = (this.#place + 1) % this.#addresses.length;
  }

  /** Why none is used, each with its own reason: what the last one says would hide that another one is the primary and lets nobody in. */
  get told(): string {
    return [...this.#failures]
      .map(([place, why]): [string, string] => [nameOf(this.#addresses[place] ?? {}), why])
      .map(([name, why]) => (why.startsWith(name) ? why : `${name}: ${why}`))
      .join('; ');
  }
}

/** Host and port of an address as they are written. */
function nameOf({ connectionString = '' }: pg.ClientConfig): string {
  const [, written = '', query] = /^\w+:\/\/(?:[^/?#]*@)?([^/?#]*)[^?]*(?:\?(.*))?$/s.exec(connectionString) ?? [];
  const asked = new URLSearchParams(query);
  const [host, port] = [asked.get('host'), asked.get('port')];
  return host === null ? written : `${host}${port === null ? '' : `:${port}`}`;
}

/** With the code of a connection that was not to be had: nothing has been done on it. */
const isStandby = (host: string, port: number): Error =>
  Object.assign(new Error(`${host}:${port} is a standby and takes no writes`), { code: 'ENOTCONN' });

type Told = { readonly parameterName: string; readonly parameterValue: string };
type Inside = { readonly connection: NodeJS.EventEmitter };

/** A connection to the server of the moment, which is refused where that takes no writes. */
export class PrimaryClient extends pg.Client {
  readonly hosts: Hosts;
  #takesWrites = true;

  constructor(hosts: Hosts, config?: pg.ClientConfig) {
    super({ ...config, ...hosts.address });
    this.hosts = hosts;
    // PostgreSQL says so by itself, at the start and when it changes.
    (this as unknown as Inside).connection.on('parameterStatus', ({ parameterName, parameterValue }: Told) => {
      if (parameterName === 'in_hot_standby') this.#takesWrites = parameterValue !== 'on';
    });
  }

  override connect(): Promise<this>;
  override connect(done: (error: Error) => void): void;
  // biome-ignore lint/suspicious/noConfusingVoidType: the driver's own two forms
  override connect(done?: (error: Error) => void): Promise<this> | void {
    if (done === undefined) {
      return new Promise((resolve, reject) => {
        this.connect((error) => (error ? reject(error) : resolve(this)));
      });
    }
    super.connect((error: Error | null) => {
      if (error !== null || this.#takesWrites) return done(error as Error);
      void this.end();
      done(isStandby(this.host, this.port));
    });
  }
}

const ofPools = new WeakMap<object, Hosts>();

/** A pool that finds its server by these. */
export function remember<Pool extends pg.Pool>(pool: Pool, hosts: Hosts): Pool {
  ofPools.set(pool, hosts);
  return pool;
}

/** What the database that a connection or a pool leads to was found to be at the start. */
export const engineOf = (client: pg.ClientBase | pg.Pool): Engine =>
  (client instanceof PrimaryClient ? client.hosts : ofPools.get(client))?.engine ?? 'postgresql';
