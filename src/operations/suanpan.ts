// The parts of a running Suanpan, handed to operations, HTTP and CLI.

import type { Pool } from 'pg';
import type { Instant } from '../core/units.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Watch } from '../store/connection/watch.ts';
import type { MeterNumbers } from '../store/ledger/meters.ts';
import type { BookShelf } from './book-shelf.ts';

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
