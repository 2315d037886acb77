// What every key is given.

import { type Child, startChild } from './child.ts';
import type { Cluster } from './cluster.ts';
import type { Endings } from './endings.ts';
import { type LedgerDatabase, openLedgerDatabase, pepper } from './ledger-database.ts';
import type { Generator } from './load.ts';
import type { Machine } from './machine.ts';
import type { Options } from './options.ts';

export interface Bench {
  readonly options: Options;
  readonly cluster: Cluster;
  readonly machine: Machine;
  readonly generator: Generator;
  /** Ended after each key. */
  readonly endings: Endings;
  readonly log: (line: string) => void;
}

let databases = 0;

/** A fresh database with a ledger in it. */
export function freshLedger({ endings, cluster }: Bench, template?: string): Promise<LedgerDatabase> {
  databases += 1;
  return openLedgerDatabase(endings, cluster, `bench${databases}`, template);
}

export interface ServerUnderTest {
  readonly url: string;
  readonly child: Child;
}

/** Starts a server on a database: what `suanpan serve` runs, with its shipped configuration. */
export async function startServer({ endings, options }: Bench, databaseUrl: string): Promise<ServerUnderTest> {
  const environment = { DATABASE_URL: databaseUrl, PORT: '0', SUANPAN_PEPPER: pepper, SUANPAN_HOST: '127.0.0.1' };
  const child = startChild(endings, 'server', { flags: options.nodeFlags, environment });
  return { url: await child.ask<string>({}), child };
}

export async function startEcho({ endings }: Bench): Promise<ServerUnderTest> {
  const child = startChild(endings, 'echo');
  return { url: await child.ask<string>({}), child };
}

let prefixes = 0;

/** A prefix of account ids that no round has used. */
export function freshPrefix(): string {
  prefixes += 1;
  return `r${prefixes}x`;
}

/** Rounds of the keys whose preparation takes longest. */
export const fewerWhenQuick = ({ options }: Bench): number =>
  options.quick ? Math.ceil(options.rounds / 2) : options.rounds;
