// A ledger tuned for imports: large groups, a long patience, and heads of many accounts in memory.

import type { Suanpan } from '../../operations/suanpan.ts';
import { openSuanpan } from '../../operations/suanpan.ts';

/**
 * A repeat may come as late as its account's turn, a whole window of the reader behind the first. One that is not known then makes its
 * group fail, be looked up and written again.
 */
export const importMarks = 2 ** 23;

export const openForImport = (database: Parameters<typeof openSuanpan>[0]): Promise<Suanpan> =>
  openSuanpan(database, undefined, {
    groupRoom: 5_000,
    mostWaiting: 1_000_000,
    cachedHeads: 200_000,
    patience: 60_000,
    recent: { marks: importMarks, bytes: 0 },
  });
