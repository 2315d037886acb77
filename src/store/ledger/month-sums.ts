// Sums over all accounts, for the operator's home page.

import type { ClientBase } from 'pg';
import type { Day } from '../../core/calendar.ts';
import type { Payer } from '../../core/settle.ts';
import { type Calls, callsOf, type Instant, type Money } from '../../core/units.ts';

/** The written counters of some days, by who paid; all packs are one. */
export async function sumUsage(
  client: ClientBase,
  days: { readonly from: Day; readonly to: Day },
): Promise<{ readonly payer: Payer; readonly calls: Calls }[]> {
  const { rows } = await client.query<{ payer: Payer; calls: string }>(
    `select case when payer like 'pack:%' then 'pack:0' else payer end as payer, sum(calls)::text as calls
     from usage_days where day between $1 and $2 group by 1`,
    [days.from, days.to],
  );
  return rows.map(({ payer, calls }) => ({ payer, calls: callsOf(BigInt(calls)) }));
}

/** Books that some account has. */
export async function listBooksInUse(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ book: string }>('select distinct book_id as book from accounts order by 1');
  return rows.map(({ book }) => book);
}

/** What moved the balances of the accounts of a book in some time, by kind. */
export async function sumEntries(
  client: ClientBase,
  book: string,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<{ readonly kind: string; readonly count: number; readonly amount: Money }[]> {
  const { rows } = await client.query<{ kind: string; count: string; amount: string }>(
    `select kind, count(*)::text as count, sum(amount)::text as amount
     from money_entries m join accounts a using (account_id)
     where a.book_id = $1 and m.at_ms >= $2 and m.at_ms < $3 group by kind`,
    [book, from, to],
  );
  return rows.map(({ kind, count, amount }) => ({ kind, count: Number(count), amount: BigInt(amount) as Money }));
}
