// What a ledger is made with.

import type { Pool } from 'pg';
import type { Instant } from '../core/units.ts';
import type { Place } from '../store/connection/shards.ts';
import type { MeterNumbers } from '../store/ledger/meters.ts';
import type { Books } from './books.ts';
import type { RecentOptions } from './recent-events.ts';

export interface LedgerOptions {
  readonly pool: Pool;
  readonly books: Books;
  readonly meters: MeterNumbers;
  readonly clock: () => Instant;
  /** Groups under way at once, each on its own connection. */
  readonly lanes?: number;
  /** Events one group takes. */
  readonly groupRoom?: number;
  /** Events that may wait, of one account at most half of them; beyond, callers are refused with OVERLOADED. */
  readonly mostWaiting?: number;
  readonly cachedHeads?: number;
  readonly recent?: RecentOptions;
  /** How long a group is tried again while the database is away, in milliseconds. */
  readonly patience?: number;
  /** Whether commits wait for a standby now: what is answered from the ledger then waits for it too. */
  readonly awaitsStandby?: () => boolean;
  /** Where accounts lie, on an engine that spreads them; left out: all in one place. */
  readonly places?: ((accounts: readonly string[]) => Promise<ReadonlyMap<string, Place>>) | undefined;
  /** Told of each account whose request failed for a reason that is ours to mend. */
  readonly log?: (line: string) => void;
}
