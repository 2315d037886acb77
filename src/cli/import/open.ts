// A ledger tuned for imports: large groups, a long patience, and heads of many accounts in memory.

import { instantOf } from '../../core/units.ts';
import { openSuanpan } from '../../operations/open-suanpan.ts';
import type { Suanpan } from '../../operations/suanpan.ts';
import type { Database } from '../../store/connect.ts';

export const openForImport = (database: Pick<Database, 'pool' | 'ledgerPool'>): Promise<Suanpan> =>
  openSuanpan(database, () => instantOf(Date.now()), {
    groupRoom: 5_000,
    mostWaiting: 1_000_000,
    cachedHeads: 200_000,
    patience: 60_000,
  });
