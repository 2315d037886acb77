// The parts of a running Suanpan, handed to operations, HTTP and CLI.

import type { Pool } from 'pg';
import { type Instant, instantOf } from '../core/units.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { LedgerOptions } from '../ledger/options.ts';
import type { Database } from '../store/connection/connect.ts';
import { unavailable } from '../store/connection/failures.ts';
import { engineOf } from '../store/connection/hosts.ts';
import { migrate } from '../store/connection/migrate.ts';
import { findPlaces } from '../store/connection/shards.ts';
import type { Watch } from '../store/connection/watch.ts';
import { MeterNumbers } from '../store/ledger/meters.ts';
import { BookShelf } from './book-shelf.ts';

export interface Suanpan {
  readonly pool: Pool;
  /** For look-ups of keys alone. */
  readonly keyPool: Pool;
  readonly watch: Watch;
  readonly books: BookShelf;
  readonly meters: MeterNumbers;
  readonly ledger: Ledger;
  readonly clock: () => Instant;
}

/** As much of it as reading needs, in whatever thread. */
export type Reader = Omit<Suanpan, 'ledger' | 'watch' | 'keyPool'>;

/** Brings the schema up to date, stocks the shipped books and starts a ledger. Time is the database's unless a clock is given. */
export async function openSuanpan(
  database: Pick<Database, 'pool' | 'ledgerPool' | 'keyPool' | 'watch'>,
  clock = (): Instant => instantOf(database.watch.now()),
  options: Partial<LedgerOptions> = {},
): Promise<Suanpan> {
  const { pool, ledgerPool, keyPool, watch } = database;
  try {
    await watch.start(await migrate(pool));
    const meters = new MeterNumbers();
    const books = new BookShelf(pool, meters);
    await books.stock(clock());
    const ledger = new Ledger({
      awaitsStandby: () => watch.awaitsStandby,
      places: placesOn(pool),
      ...options,
      pool: ledgerPool,
      books,
      meters,
      clock,
    });
    return { pool, keyPool, watch, books, meters, clock, ledger };
  } catch (error) {
    throw unavailable(error) ?? error;
  }
}

/** Asked where accounts are spread over nodes, and only there. */
const placesOn = (pool: Pool): LedgerOptions['places'] =>
  engineOf(pool) === 'citus' ? (accounts) => findPlaces(pool, accounts) : undefined;
