// Calls that are postpaid still, for a pack that pays for those before it; and what it then drew of them: further rows of event_draws,
// under the number that each call was settled by, behind the draws that it had.

import type { ClientBase } from 'pg';
import type { UnpaidCall } from '../../account/earlier-calls.ts';
import type { Draw } from '../../core/settle.ts';
import { callsOf, type Instant, instantOf } from '../../core/units.ts';
import { int2Array, int4Array, int8Array } from './arrays.ts';
import type { MeterNumbers } from './meters.ts';

/** A call of the ledger that is postpaid in part. */
export interface StoredUnpaid extends UnpaidCall {
  /** Ledger number under which it was settled. */
  readonly seq: number;
  /** Rows and places that its draws take so far. */
  readonly draws: number;
}

export interface UnpaidReach {
  readonly account: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly meters: readonly string[];
  /** Also those that came while service was stopped. */
  readonly stopped: boolean;
  /** Some cap looks at keys: they are read. */
  readonly keyed: boolean;
}

/** Calls read, and draws written, by one statement: memory is bounded, and no pause between two is long. */
const pageSize = 10_000;

interface Row {
  seq: bigint;
  meter: number;
  at_ms: bigint;
  unpaid: string;
  draws: number;
  department: string | null;
  key: string | null;
}

/**
 * Charged calls of some meters and a time that are postpaid in part and stand, in ledger order, page by page until `visit` has seen
 * enough. Within a transaction.
 */
export async function visitUnpaid(
  tx: ClientBase,
  { account, from, to, meters, stopped, keyed }: UnpaidReach,
  numbers: MeterNumbers,
  visit: (page: readonly StoredUnpaid[]) => Promise<'more' | 'enough'>,
): Promise<void> {
  const ofMeters = meters.flatMap((meter) => numbers.find(meter) ?? []);
  await tx.query(
    `declare unpaid no scroll cursor for
     select * from (
       select coalesce(r.seq, e.seq) as seq, e.meter, e.at_ms, coalesce(r.postpaid, e.postpaid) - coalesce(l.calls, 0) as unpaid,
         coalesce(r.draw_count, e.draw_count) + l.draws as draws, e.department,
         ${keyed ? '(select k.key from event_keys k where k.account_id = e.account_id and k.seq = e.seq)' : 'null::text'} as key
       from events e
       left join reviews r on r.account_id = e.account_id and r.event_id = e.event_id
       left join voids v on v.account_id = e.account_id and v.event_id = e.event_id
       cross join lateral (select sum(d.calls) as calls, count(*)::integer as draws from event_draws d
         where d.account_id = e.account_id and d.seq = coalesce(r.seq, e.seq) and d.place > coalesce(r.draw_count, e.draw_count)) l
       where e.account_id = $1 and e.at_ms >= $2 and e.at_ms < $3 and e.meter = any($4::smallint[])
         and coalesce(r.outcome, e.outcome) = any($5::smallint[]) and coalesce(r.postpaid, e.postpaid) > 0 and v.seq is null) u
     where unpaid > 0 order by seq`,
    [account, from, to, ofMeters, stopped ? [0, 3] : [0]],
  );
  for (let wish: 'more' | 'enough' = 'more'; wish === 'more'; ) {
    const { rows } = await tx.query<Row>(`fetch ${pageSize} from unpaid`);
    const seen = await visit(rows.map((row) => unpaid(row, numbers)));
    wish = rows.length < pageSize ? 'enough' : seen;
  }
  await tx.query('close unpaid');
}

const unpaid = (row: Row, numbers: MeterNumbers): StoredUnpaid => ({
  seq: Number(row.seq),
  meter: numbers.idOf(row.meter),
  at: instantOf(Number(row.at_ms)),
  calls: callsOf(BigInt(row.unpaid)),
  draws: row.draws,
  department: row.department,
  key: row.key,
});

export interface LaterDraws {
  readonly call: StoredUnpaid;
  readonly draws: readonly Draw[];
}

export async function insertLaterDraws(tx: ClientBase, account: string, paid: readonly LaterDraws[]): Promise<void> {
  const rows = paid.flatMap(({ call, draws }) =>
    draws.map((draw, at) => ({ seq: call.seq, place: call.draws + at + 1, draw })),
  );
  await tx.query({
    name: 'insert-later-draws',
    text: `insert into event_draws (account_id, seq, place, pack_no, calls)
      select $1, unnest($2::bigint[]), unnest($3::smallint[]), unnest($4::integer[]), unnest($5::bigint[])`,
    values: [
      account,
      int8Array(rows.map(({ seq }) => seq)),
      int2Array(rows.map(({ place }) => place)),
      int4Array(rows.map(({ draw }) => draw.pack)),
      int8Array(rows.map(({ draw }) => draw.calls)),
    ],
  });
}
