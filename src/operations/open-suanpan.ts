// Builds the parts that work on one database: what the server and the commands that need no server have in common.

import type { Pool } from 'pg';
import type { Instant } from '../core/units.ts';
import { Ledger, type LedgerOptions } from '../ledger/ledger.ts';
import { MeterNumbers } from '../store/meters.ts';
import { migrate } from '../store/migrate.ts';
import { BookShelf } from './book-shelf.ts';
import type { Suanpan } from './suanpan.ts';

/** Brings the schema up to date, stocks the shipped books and starts a ledger. */
export async function openSuanpan(
  pools: { readonly pool: Pool; readonly ledgerPool: Pool },
  clock: () => Instant,
  options: Partial<LedgerOptions> = {},
): Promise<Suanpan> {
  const { pool, ledgerPool } = pools;
  await migrate(pool);
  const meters = new MeterNumbers();
  const books = new BookShelf(pool, meters);
  await books.stock(clock());
  return { pool, books, meters, clock, ledger: new Ledger({ ...options, pool: ledgerPool, books, meters, clock }) };
}
