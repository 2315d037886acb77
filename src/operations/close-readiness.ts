// Who is ready for a month's close and who is not, before it is closed: what closing would do, and nothing of it done. A slice of
// accounts at a time, so that a hundred thousand of them can be looked through page by page.

import { bookForfeits } from '../account/forfeits.ts';
import { timeOf } from '../account/head.ts';
import type { Period } from '../core/calendar.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { inSnapshot } from '../store/connection/transaction.ts';
import { listAccountsToClose } from '../store/ledger/bills.ts';
import { readHeads } from '../store/ledger/heads.ts';
import { accountBooks } from './change.ts';
import { closingsOf } from './close-month.ts';
import { isolated } from './isolate.ts';
import type { Reader } from './suanpan.ts';

export interface Readiness {
  readonly month: Period;
  /** Accounts of this slice that have no bill of the month yet. */
  readonly looked: number;
  readonly ready: number;
  /** Those that cannot be closed, and why; `damaged`: the account cannot be read. */
  readonly blocked: readonly { readonly account: string; readonly refusal: Refusal | 'damaged' }[];
  /** The last account of the slice; null: there is no other. */
  readonly next: string | null;
}

interface Verdict {
  readonly account: string;
  readonly refusal: Refusal | null;
}

/** Looks through the next accounts after `after`. An account that was opened after the month is neither ready nor blocked. */
export async function readReadiness(
  reader: Reader,
  { month, after, limit }: { readonly month: Period; readonly after: string; readonly limit: number },
): Promise<Readiness> {
  const ids = await listAccountsToClose(reader.pool, { period: month, after, limit });
  const { done, failures } = await isolated(ids, (some) => verdicts(reader, some, month));
  const due = done.filter(({ refusal }) => refusal?.refused !== 'BEFORE_OPENING');
  const blocked = due.flatMap(({ account, refusal }) => (refusal === null ? [] : [{ account, refusal }]));
  return {
    month,
    looked: ids.length,
    ready: due.length - blocked.length,
    blocked: [...blocked, ...failures.map(({ account }) => ({ account, refusal: 'damaged' as const }))],
    next: ids.length < limit ? null : (ids.at(-1) ?? null),
  };
}

const verdicts = (reader: Reader, accounts: readonly string[], month: Period): Promise<Verdict[]> =>
  inSnapshot(reader.pool, async (client) => {
    const heads = (await readHeads(client, accounts)).map(({ head }) => head);
    const books = await accountBooks(client, reader, heads);
    const opened = heads.flatMap((head, at) => {
      const book = books[at];
      if (book === undefined) return [];
      const now = timeOf(head, reader.clock());
      return [{ head, book, now, forfeits: bookForfeits(head, book, now) }];
    });
    const closings = await closingsOf(client, opened, month, reader.meters);
    return [...closings]
      .map(([account, closing]): Verdict => ({ account, refusal: isRefusal(closing) ? closing : null }))
      .toSorted((a, b) => (a.account < b.account ? -1 : 1));
  });
