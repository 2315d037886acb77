// A ledger tuned for imports: large groups, a long patience, and heads of many accounts in memory.

import type { Suanpan } from '../../operations/suanpan.ts';
import { openSuanpan } from '../../operations/suanpan.ts';

export const openForImport = (database: Parameters<typeof openSuanpan>[0]): Promise<Suanpan> =>
  openSuanpan(database, undefined, {
    groupRoom: 5_000,
    mostWaiting: 1_000_000,
    cachedHeads: 200_000,
    patience: 60_000,
  });
